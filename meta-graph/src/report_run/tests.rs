use std::sync::Arc;

use futures_util::{FutureExt, TryStreamExt};
use serde_json::{Value, json};
use sociogram_api_core::http::{DecodeError, RawResponse, Replay, RequestParts};
use sociogram_api_core::testing::{ManualClock, ScriptedTransport};
use sociogram_api_core::{Clock, ErrorKind, InvalidRequest};

use super::*;
use crate::scripted::{error_body, exchange, line};

/// Starts a report of an ad account.
#[derive(Clone)]
struct StartReport;

impl Endpoint for StartReport {
    type Output = StartedReport;

    const NAME: &'static str = "ads.insights.test.start";
    const METHOD: http::Method = http::Method::POST;
    const PATH: &'static str = "/act_5/insights";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, _parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some("act_5")
    }

    fn decode(&self, response: &RawResponse) -> Result<StartedReport, DecodeError> {
        response.json()
    }
}

fn job(status: &str, percent: u64) -> String {
    json!({"id": "9", "async_status": status, "async_percent_completion": percent}).to_string()
}

/// Starts a report on a script and looks at it so often, moving the clock by each wait.
async fn follow(answers: &[String]) -> (Result<Vec<u64>, ReportError>, ReportRun) {
    let mut transport = ScriptedTransport::new().json(r#"{"report_run_id":"9"}"#);
    for answer in answers {
        transport = transport.json(answer.clone());
    }
    let clock = ManualClock::default();
    let client = Client::builder()
        .transport(Arc::new(transport.clone()))
        .access_token("TOKEN")
        .timer(Arc::new(clock.clone()))
        .build()
        .unwrap();
    let mut run = ReportRun::start(&client, StartReport).await.unwrap();
    let mut waits = Vec::new();
    loop {
        match run.advance(&client).await {
            Ok(Progress::Wait(time)) => {
                waits.push(time.as_secs());
                clock.advance(time);
                // What is stored is enough to go on.
                run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
            }
            Ok(Progress::Again) => {}
            Ok(Progress::Done(_)) => return (Ok(waits), run),
            Err(error) => return (Err(error), run),
        }
    }
}

#[tokio::test]
async fn a_run_is_known_by_a_number_or_by_text() {
    for body in [r#"{"report_run_id":6023920149050}"#, r#"{"report_run_id":"6023920149050"}"#] {
        let (started, _) = exchange(StartReport, body).await;
        assert_eq!(started.unwrap().report_run_id.as_str(), "6023920149050");
    }
}

#[tokio::test]
async fn it_is_ready_only_when_completed_and_at_100() {
    let answers = [
        job("Job Not Started", 0),
        job("Job Started", 0),
        job("Job Running", 100),
        job("Job Completed", 99),
        r#"{"async_status":"Job Somehow","async_percent_completion":"50"}"#.to_owned(),
        "{}".to_owned(),
        job("Job Running", 97),
        job("Job Completed", 100),
    ];
    let (waits, run) = follow(&answers).await;
    assert_eq!(waits.unwrap(), [2, 4, 8, 16, 32, 60, 60]);
    assert!(run.is_ready());
    assert_eq!((run.id().as_str(), run.percent()), ("9", 100));
}

#[tokio::test]
async fn a_look_asks_for_the_state_and_for_what_went_wrong() {
    let (state, request) = exchange(
        GetReportRun::new(ReportRunId::from(9)),
        r#"{"id":9,"account_id":5,"async_status":"Job Completed","async_percent_completion":"100",
            "date_start":"2026-01-01","date_stop":"2026-01-31","time_ref":1767323045,"time_completed":"1767323099"}"#,
    )
    .await;
    let state = state.unwrap();
    assert!(line(&request).starts_with("GET /v26.0/9?fields=id%2Caccount_id%2Casync_status%2C"));
    assert!(line(&request).contains("error_code%2Cerror_subcode%2Cerror_message"));
    assert_eq!((state.account_id.as_deref(), state.async_status), (Some("5"), Some(ReportStatus::Completed)));
    assert_eq!(state.async_percent_completion, Some(100));
    assert_eq!(state.time_completed, Some(Timestamp::from_unix_seconds(1_767_323_099)));
}

#[tokio::test]
async fn a_failed_job_is_an_error_like_any_other() {
    for (code, subcode, class, again) in
        [(-3, 1_504_045, ErrorClass::DataTooLarge, false), (-2, 2_490_547, ErrorClass::Transient, true)]
    {
        let failed = json!({"async_status": "Job Failed", "async_percent_completion": 0, "error_code": code,
            "error_subcode": subcode, "error_message": "CANARY", "error_user_msg": "Too much"});
        let (result, run) = follow(&[failed.to_string()]).await;
        let error = result.unwrap_err();
        let ReportError::Failed(api) = &error else { panic!("{error}") };
        assert_eq!((api.class(), api.code(), api.subcode()), (class, Some(code), Some(subcode)));
        assert_eq!((api.user_message(), error.should_resubmit()), (Some("Too much"), again));
        assert!(!format!("{error} {error:?}").contains("CANARY"));
        assert!(!run.is_ready() && !error.advice().is_empty());
    }
    let (result, _) = follow(&[job("Job Failed", 30)]).await;
    assert!(matches!(result, Err(ReportError::Failed(api)) if api.code().is_none()));
}

#[tokio::test]
async fn a_skipped_job_is_to_be_started_again() {
    let (result, _) = follow(&[job("Job Running", 10), job("Job Skipped", 0)]).await;
    let error = result.unwrap_err();
    assert!(matches!(error, ReportError::Skipped) && error.should_resubmit());
    assert_eq!(error.advice(), "start the report again");
}

#[tokio::test]
async fn waiting_has_an_end_after_which_it_can_go_on() {
    let answers: Vec<String> = (0..100).map(|_| job("Job Running", 42)).collect();
    let (result, run) = follow(&answers).await;
    assert!(matches!(result, Err(ReportError::TimedOut { percent: 42 })));
    let transport = ScriptedTransport::new().json(job("Job Running", 43)).json(job("Job Completed", 100));
    let clock = ManualClock::at(ManualClock::default().now().saturating_add(GIVE_UP_AFTER));
    let client = Client::builder().transport(Arc::new(transport)).access_token("T").timer(Arc::new(clock));
    let client = client.build().unwrap();
    let mut run = run.give_up_after(Duration::from_secs(2 * 3600));
    assert_eq!(run.advance(&client).await.unwrap(), Progress::Wait(LONGEST_WAIT));
    assert!(matches!(run.advance(&client).await.unwrap(), Progress::Done(_)));
}

#[tokio::test(start_paused = true)]
async fn a_failing_look_is_repeated_and_a_refused_one_is_not() {
    let throttled = error_body(4, 0);
    let transport = ScriptedTransport::new()
        .respond(400, &[("retry-after", "100")], throttled)
        .json(job("Job Completed", 100));
    let client = crate::scripted::client(&transport);
    let mut run = ReportRun::of(ReportRunId::from(9), client.pipeline.timer().now());
    assert_eq!(run.advance(&client).await.unwrap(), Progress::Wait(Duration::from_secs(100)));
    let transport = ScriptedTransport::new().respond(400, &[], error_body(100, 33));
    let client = crate::scripted::client(&transport);
    let error = run.advance(&client).await.unwrap_err();
    assert!(matches!(&error, ReportError::Call(error) if error.kind() == ErrorKind::NotFound));
    assert!(!error.should_resubmit());
}

#[tokio::test(start_paused = true)]
async fn dropping_the_wait_loses_nothing() {
    let transport = ScriptedTransport::new().json(job("Job Running", 42)).json(job("Job Completed", 100));
    let client = crate::scripted::client(&transport);
    let mut run = ReportRun::of(ReportRunId::from(9), client.pipeline.timer().now());
    let mut saved = Vec::new();
    assert!(run.run(&client, |state| saved.push(state.percent())).now_or_never().is_none());
    assert_eq!(saved, [42]);
    assert_eq!(run.run(&client, |_| {}).await.unwrap().as_str(), "9");
    assert_eq!(transport.requests().len(), 2);
    // Ready is ready: nothing more is asked.
    run.run(&client, |_| {}).await.unwrap();
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn rows_are_read_page_by_page_as_any_type() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        clicks: String,
    }
    let transport = ScriptedTransport::new()
        .json(
            r#"{"data":[{"clicks":"1"},{"clicks":2}],
                "paging":{"cursors":{"after":"QQ"},"next":"https://graph.facebook.com/v26.0/9/insights?after=QQ"}}"#,
        )
        .json(r#"{"data":[{"clicks":"3"}],"paging":{"cursors":{"after":"RR"}}}"#);
    let client = crate::scripted::client(&transport);
    let run = ReportRun {
        subject: Some("act_5".to_owned()),
        ..ReportRun::of(ReportRunId::from(9), Timestamp::UNIX_EPOCH)
    };
    let rows: Vec<Row> = client.items(run.rows().limit(500)).try_collect().await.unwrap();
    assert_eq!(rows, [Row { clicks: "1".to_owned() }, Row { clicks: "3".to_owned() }]);
    let lines: Vec<String> = transport.requests().iter().map(line).collect();
    assert_eq!(lines, ["GET /v26.0/9/insights?limit=500", "GET /v26.0/9/insights?limit=500&after=QQ"]);
    assert_eq!(run.rows::<Value>().subject(), Some("act_5"));
}
