//! LinkedIn's GET challenge.

use crate::{ChallengeAnswer, ChallengeError, LinkedInVerifier, hex, query::Query};

const CODE: &str = "challengeCode";
const APPLICATION: &str = "applicationId";

impl LinkedInVerifier {
    /// Answers the GET request with which LinkedIn validates an endpoint, at first and again every two hours
    /// (LinkedIn: Webhook validation). It wants the answer within three seconds; after three failures
    /// in a row it blocks the webhook.
    ///
    /// `raw_query` is the query string as received, without decoding. The challenge must be a UUID of 36
    /// characters: the same key signs deliveries, so answering any other text would let anyone forge them.
    /// With `applicationId` the secret of that application answers, and an unknown application gets none.
    ///
    /// ```
    /// use sociogram_webhook_verify::{LinkedInVerifier, Secret};
    ///
    /// let verifier = LinkedInVerifier::builder().secret("main", Secret::new("test_client_secret")?).build()?;
    /// let answer = verifier.challenge("challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed0")?;
    /// assert_eq!((answer.status(), answer.content_type()), (200, "application/json"));
    ///
    /// let forged = verifier.challenge("challengeCode=hmacsha256%3D%7B%22type%22%3A%22LEAD_ACTION%22%7D");
    /// assert_eq!(forged.unwrap_err().suggested_status(), 400);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`ChallengeError`] with the status to answer.
    pub fn challenge(&self, raw_query: &str) -> Result<ChallengeAnswer, ChallengeError> {
        let query = Query::parse(raw_query)?;
        let code = query.required(CODE)?;
        let application = query.only(APPLICATION)?;
        if !is_uuid(code) {
            return Err(ChallengeError::MalformedChallenge {
                expected: "a UUID of 36 characters in challengeCode",
            });
        }
        let key = self.challenge_key(application).ok_or(match application {
            Some(_) => ChallengeError::UnknownApplication,
            None => ChallengeError::NoDefaultSecret,
        })?;
        let response = hex::encode(&key.sign(b"", code.as_bytes()));
        // Neither text needs escaping: a UUID and hexadecimal digits.
        let body = format!(r#"{{"challengeCode":"{code}","challengeResponse":"{response}"}}"#);
        Ok(ChallengeAnswer::new("application/json", body))
    }
}

/// Whether the text is 8-4-4-4-12 hexadecimal digits with hyphens, nothing around it.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Secret, testing};

    const CODE_1: &str = "890e4665-4dfe-4ab1-b689-ed553bceeed0";

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    fn one() -> LinkedInVerifier {
        LinkedInVerifier::builder().secret("main", secret("test_client_secret")).build().unwrap()
    }

    fn body(secret_text: &str) -> String {
        let response = testing::linkedin_challenge_response(&secret(secret_text), CODE_1);
        format!(r#"{{"challengeCode":"{CODE_1}","challengeResponse":"{response}"}}"#)
    }

    #[test]
    fn the_answer_is_json_with_the_code_and_its_mac() {
        let answer = one().challenge(&format!("?challengeCode={CODE_1}")).unwrap();
        assert_eq!(
            answer.body(),
            "{\"challengeCode\":\"890e4665-4dfe-4ab1-b689-ed553bceeed0\",\
             \"challengeResponse\":\"2f02d4233a0396d6b4632fc7be62fd3ab68183421f688efcda0c1fcb2615273e\"}"
        );
        assert_eq!(answer.headers()[0], ("content-type", "application/json"));
        assert!(!format!("{answer:?}").contains("2f02d423"));
    }

    #[test]
    fn nothing_but_a_uuid_is_signed() {
        for code in [
            "",
            "hmacsha256%3D%7B%7D",
            "890e46654dfe4ab1b689ed553bceeed0",
            "%7B890e4665-4dfe-4ab1-b689-ed553bceeed0%7D",
            "890e4665-4dfe-4ab1-b689-ed553bceeed",
            "890e4665-4dfe-4ab1-b689-ed553bceeed00",
            "890e4665-4dfe-4ab1-b689-ed553bceeedg",
            "890e4665_4dfe_4ab1_b689_ed553bceeed0",
            "890e4665-4dfe-4ab1-b689-ed553bceeed0%0a",
            "+890e4665-4dfe-4ab1-b689-ed553bceeed0",
            "------------------------------------",
            "890e4665-4dfe-4ab1-b689-ed553bceee%C3%A9",
        ] {
            let error = one().challenge(&format!("challengeCode={code}")).unwrap_err();
            assert!(matches!(error, ChallengeError::MalformedChallenge { .. }), "{code}: {error}");
            assert_eq!(error.suggested_status(), 400);
        }
    }

    #[test]
    fn duplicates_and_absence_are_refused() {
        let twice = |key| ChallengeError::DuplicateKey { key };
        for (query, expected) in [
            (String::new(), ChallengeError::MissingKey { key: CODE }),
            (format!("challengecode={CODE_1}"), ChallengeError::MissingKey { key: CODE }),
            (format!("challengeCode={CODE_1}&challengeCode={CODE_1}"), twice(CODE)),
            (format!("challengeCode=x&%63hallengeCode={CODE_1}"), twice(CODE)),
            (format!("challengeCode={CODE_1}&applicationId=1&applicationId=1"), twice(APPLICATION)),
            (
                format!("challengeCode={CODE_1}&applicationId=%ff"),
                ChallengeError::NotText { key: APPLICATION },
            ),
        ] {
            assert_eq!(one().challenge(&query).unwrap_err(), expected, "{query}");
        }
    }

    #[test]
    fn the_application_selects_the_secret() {
        let verifier = LinkedInVerifier::builder()
            .application("11", "child", secret("child"))
            .application("11", "child before", secret("older child"))
            .secret("parent", secret("parent"))
            .secret("parent before", secret("older parent"))
            .build()
            .unwrap();
        let answer = |query: &str| verifier.challenge(&format!("challengeCode={CODE_1}{query}"));
        assert_eq!(answer("").unwrap().body(), body("parent"));
        assert_eq!(answer("&applicationId=11").unwrap().body(), body("child"));
        for unknown in ["&applicationId=12", "&applicationId=", "&applicationId=parent"] {
            let error = answer(unknown).unwrap_err();
            assert_eq!(
                (&error, error.suggested_status()),
                (&ChallengeError::UnknownApplication, 403),
                "{unknown}"
            );
        }
    }

    #[test]
    fn without_a_default_secret_an_unnamed_challenge_gets_no_answer() {
        let verifier =
            LinkedInVerifier::builder().application("11", "child", secret("child")).build().unwrap();
        let error = verifier.challenge(&format!("challengeCode={CODE_1}")).unwrap_err();
        assert_eq!((&error, error.suggested_status()), (&ChallengeError::NoDefaultSecret, 403));
    }

    proptest! {
        #[test]
        fn no_query_panics(query: String) {
            let _ = one().challenge(&query);
        }

        #[test]
        fn every_uuid_is_answered(code in "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") {
            let answer = one().challenge(&format!("challengeCode={code}")).unwrap();
            prop_assert!(answer.body().contains(&code));
        }
    }
}
