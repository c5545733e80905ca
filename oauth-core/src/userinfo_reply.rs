//! Reading whose token it is.

use crate::{Identity, OAuthError, Reason, reply::Reply};

/// Longer names and addresses are cut off nowhere, but dropped.
const MAX_TEXT: usize = 2_048;

/// Reads the standard claims (OpenID Connect Core section 5.1; LinkedIn: Sign In with LinkedIn using OpenID
/// Connect).
pub(crate) fn identity(reply: &Reply) -> Result<Identity, OAuthError> {
    let id = reply.id("sub").ok_or_else(|| {
        OAuthError::because(Reason::AnswerNotReadable)
            .with_message("the answer does not say whose token it is")
    })?;
    let text = |name| reply.text(name).filter(|text| text.len() <= MAX_TEXT).map(ToOwned::to_owned);
    let mut identity = Identity::new(id);
    identity.name = text("name");
    identity.username = text("preferred_username");
    identity.email = text("email");
    identity.picture = text("picture");
    Ok(identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Identity, OAuthError> {
        identity(&Reply::read(json.as_bytes())?)
    }

    #[test]
    fn linkedins_answer_is_read() {
        let identity = read(
            r#"{"sub":"782bbtaQ","name":"John Doe","given_name":"John","family_name":"Doe",
                "picture":"https://media.licdn-ei.com/dms/image/C5F03AQH","locale":{"country":"US","language":"en"},
                "email":"doe@email.com","email_verified":true}"#,
        )
        .unwrap();
        assert_eq!((identity.id.as_str(), identity.name.as_deref()), ("782bbtaQ", Some("John Doe")));
        assert_eq!(identity.email.as_deref(), Some("doe@email.com"));
        assert_eq!(identity.picture.as_deref(), Some("https://media.licdn-ei.com/dms/image/C5F03AQH"));
        assert_eq!(identity.username, None);
    }

    #[test]
    fn only_the_id_is_needed_and_the_rest_may_be_anything() {
        let identity = read(
            r#"{"sub":9007199254740993,"name":null,"email":7,"picture":{"data":{}},"preferred_username":"j.doe"}"#,
        )
        .unwrap();
        assert_eq!((identity.id.as_str(), identity.username.as_deref()), ("9007199254740993", Some("j.doe")));
        assert_eq!((identity.name, identity.email, identity.picture), (None, None, None));
        for json in
            [r"{}", r#"{"sub":""}"#, r#"{"sub":null}"#, r#"{"sub":1.5}"#, r#"{"sub":{}}"#, r#"{"id":"7"}"#]
        {
            assert_eq!(read(json).unwrap_err().reason(), Reason::AnswerNotReadable, "{json}");
        }
    }
}
