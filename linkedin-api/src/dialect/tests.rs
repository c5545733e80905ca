use http::Response;
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::Replay;
use sociogram_api_core::testing::ManualClock;

use super::*;
use crate::urn::PostUrn;

/// 2026-11-20T21:00:00Z: three hours before the day ends.
fn dialect() -> LinkedInDialect {
    LinkedInDialect::new(Arc::new(ManualClock::at(Timestamp::from_unix_seconds(1_795_208_400))))
}

fn operation() -> Operation {
    let caller = Caller { app: "app".into(), member: "ada".into(), counted: true };
    Operation::new("linkedin.posts.create", "linkedin", Replay::Never).with(caller)
}

fn inspect(status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let (head, ()) = response.body(()).unwrap().into_parts();
    dialect().inspect(&operation(), &head, body.as_bytes())
}

fn fault(status: u16, body: &str) -> Fault {
    inspect(status, &[], body).fault.unwrap()
}

fn detail(fault: &Fault) -> &LinkedInError {
    fault.downcast_detail().unwrap()
}

#[test]
fn success_has_no_fault() {
    for status in [200, 201, 202, 204] {
        let verdict = inspect(status, &[("x-li-uuid", "u1"), ("x-li-request-id", "r1")], "");
        assert!(verdict.fault.is_none());
        assert_eq!(verdict.request_id.as_deref(), Some("u1"));
    }
    assert_eq!(inspect(200, &[("x-li-request-id", "r1")], "").request_id.as_deref(), Some("r1"));
}

#[test]
fn recorded_answers_are_classified() {
    for (status, body, class, code) in [
        (
            401,
            r#"{"serviceErrorCode":65600,"message":"Invalid access token","status":401}"#,
            FaultClass::AuthRejected,
            Some(65600),
        ),
        (
            401,
            r#"{"status":401,"serviceErrorCode":65601,"code":"REVOKED_ACCESS_TOKEN","message":"The token used in the request has been revoked by the user"}"#,
            FaultClass::AuthRejected,
            Some(65601),
        ),
        (
            401,
            r#"{"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN","message":"The token used in the request has expired"}"#,
            FaultClass::AuthRejected,
            Some(65602),
        ),
        (
            403,
            r#"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: partnerApiPostsExternal.CREATE.20260901"}"#,
            FaultClass::Permission,
            Some(100),
        ),
        (
            400,
            r#"{"status":400,"code":"VERSION_MISSING","message":"A version must be present. Please specify a version by adding the LinkedIn-Version header."}"#,
            FaultClass::Misconfigured,
            None,
        ),
        (
            426,
            r#"{"status":426,"code":"NONEXISTENT_VERSION","message":"Requested version 20250401 is not active"}"#,
            FaultClass::Misconfigured,
            None,
        ),
        (
            404,
            r#"{"serviceErrorCode":0,"message":"No virtual resource found","status":404}"#,
            FaultClass::NotFound,
            None,
        ),
        (
            400,
            r#"{"message":"Parameter 'ids' is invalid","status":400,"code":"ILLEGAL_ARGUMENT"}"#,
            FaultClass::Invalid,
            None,
        ),
        (500, r#"{"message":"Internal Server Error","status":500}"#, FaultClass::Transient, None),
        (503, "<html><body>Service Unavailable</body></html>", FaultClass::Transient, None),
        (504, "", FaultClass::Transient, None),
        (403, "<html>blocked</html>", FaultClass::Permanent, None),
        (403, "", FaultClass::Permission, None),
        (999, "", FaultClass::Permanent, None),
        (
            401,
            r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#,
            FaultClass::Misconfigured,
            None,
        ),
        (302, "", FaultClass::Permanent, None),
    ] {
        let fault = fault(status, body);
        assert_eq!(fault.class(), class, "{status} {body}");
        assert_eq!(fault.provider_code(), code, "{status} {body}");
    }
}

#[test]
fn a_dead_version_says_so_and_is_never_a_retry() {
    let fault = fault(
        426,
        r#"{"status":426,"code":"NONEXISTENT_VERSION","message":"Requested version 20250401 is not active"}"#,
    );
    assert!(fault.advice().unwrap().contains("LinkedIn-Version"));
    assert_eq!(detail(&fault).code(), Some("NONEXISTENT_VERSION"));
}

#[test]
fn a_duplicate_names_the_existing_post() {
    for (status, body, urn) in [
        (
            422,
            r#"{"message":"Content is a duplicate of urn:li:share:7300000000000000000","status":422,"errorDetails":{"inputErrors":[{"code":"DUPLICATE_POST"}]}}"#,
            Some("urn:li:share:7300000000000000000"),
        ),
        (
            422,
            r#"{"errorDetailType":"com.linkedin.common.error.BadRequest","code":"UNPROCESSABLE_ENTITY","message":"Validation failed","errorDetails":{"inputErrors":[{"description":"Duplicate post is detected. Content is a duplicate of urn:li:ugcPost:12, see there.","input":{"inputPath":{"fieldPath":"commentary"}},"code":"DUPLICATE_POST"}]},"status":422}"#,
            Some("urn:li:ugcPost:12"),
        ),
        (
            409,
            r#"{"message":"Content is a duplicate of urn:li:share:5","serviceErrorCode":0}"#,
            Some("urn:li:share:5"),
        ),
        (422, r#"{"code":"DUPLICATE_POST","message":"of urn:li:person:a and nothing else"}"#, None),
        (
            422,
            r#"{"code":"DUPLICATE_POST","message":"by urn:li:person:a: urn:li:share:6."}"#,
            Some("urn:li:share:6"),
        ),
    ] {
        let fault = fault(status, body);
        assert_eq!(fault.class(), FaultClass::Conflict, "{body}");
        assert!(detail(&fault).is_duplicate());
        assert_eq!(detail(&fault).existing_urn().map(PostUrn::as_str), urn);
    }
    let other = fault(
        422,
        r#"{"message":"cannot use urn:li:share:5","errorDetails":{"inputErrors":[{"code":"INVALID_URN_ID"}]}}"#,
    );
    assert_eq!(other.class(), FaultClass::Invalid);
    assert!(!detail(&other).is_duplicate());
}

#[test]
fn throttles_name_the_limit_and_the_wait() {
    let minute = Some(Duration::from_secs(60));
    let midnight = Some(Duration::from_secs(3 * 3600));
    for (message, limit, wait) in [
        (
            "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
            Some("linkedin_endpoint:app/linkedin.posts.create"),
            midnight,
        ),
        (
            "Resource level throttle MEMBER DAY limit for calls to this resource is reached.",
            Some("linkedin_member:app/ada/linkedin.posts.create"),
            midnight,
        ),
        ("Comment create throttled", None, minute),
        ("TODAY", None, minute),
        ("", None, minute),
    ] {
        let body = format!(
            r#"{{"serviceErrorCode":101,"code":"TOO_MANY_REQUESTS","message":"{message}","status":429}}"#
        );
        let fault = fault(429, &body);
        assert_eq!(fault.class(), FaultClass::Throttled);
        assert_eq!(fault.limit().map(ToString::to_string).as_deref(), limit, "{message}");
        assert_eq!(fault.delay(), wait, "{message}");
    }
    let told = inspect(429, &[("retry-after", "7")], "").fault.unwrap();
    assert_eq!(told.delay(), Some(Duration::from_secs(7)));
    let absurd = inspect(429, &[("retry-after", "18446744073709551615")], "").fault.unwrap();
    assert_eq!(absurd.delay(), Some(Duration::from_secs(86_400)));
}

#[test]
fn limits_are_kept_per_app_endpoint_and_member() {
    let keys: Vec<_> = dialect().budget_keys(&operation()).iter().map(ToString::to_string).collect();
    assert_eq!(
        keys,
        [
            "linkedin_app:app",
            "linkedin_endpoint:app/linkedin.posts.create",
            "linkedin_member:app/ada/linkedin.posts.create"
        ]
    );
}

#[test]
fn every_shape_is_read_as_far_as_it_goes() {
    let fault = fault(
        400,
        r#"{"message":"two\nlines","status":"400","serviceErrorCode":"17","code":7,"exceptionClass":"x","errorDetailType":"com.linkedin.common.error.BadRequest",
           "errorDetails":{"inputErrors":[7,{"code":"MISSING_FIELD","description":"d","input":{"inputPath":{"fieldPath":"author"}}},{"input":3}],
           "conditionalInputErrors":[{"code":"INVALID_URL"}],"extra":[1]}}"#,
    );
    let error = detail(&fault);
    assert_eq!(error.message(), Some("two lines"));
    assert_eq!(error.service_error_code(), Some(17));
    assert_eq!(error.code(), None);
    assert_eq!(error.detail_type(), Some("com.linkedin.common.error.BadRequest"));
    assert!(error.details().unwrap().get().contains("extra"));
    let fields: Vec<_> =
        error.input_errors().iter().map(|e| (e.code(), e.description(), e.field())).collect();
    assert_eq!(
        fields,
        [
            (Some("MISSING_FIELD"), Some("d"), Some("author")),
            (None, None, None),
            (Some("INVALID_URL"), None, None)
        ]
    );
    for body in ["[]", "null", "7", "\"text\"", "{", "\u{feff}"] {
        let other = inspect(400, &[], body).fault.unwrap();
        assert_eq!(other.class(), FaultClass::Invalid, "{body}");
        assert!(!detail(&other).is_from_api(), "{body}");
    }
}

#[test]
fn words_of_the_provider_are_not_printed() {
    let verdict = inspect(
        422,
        &[("x-li-uuid", "u1"), ("x-li-request-id", "r1"), ("x-li-fabric", "prod-lva1")],
        r#"{"message":"SEKRET","errorDetails":{"inputErrors":[{"description":"SEKRET"}]}}"#,
    );
    let fault = verdict.fault.unwrap();
    let error = detail(&fault);
    assert_eq!((error.trace().uuid(), error.trace().request_id()), (Some("u1"), Some("r1")));
    assert_eq!(error.trace().fabric(), Some("prod-lva1"));
    let printed = format!("{error:?} {fault:?}");
    assert!(!printed.contains("SEKRET"), "{printed}");
    assert!(printed.contains("prod-lva1"));
}
