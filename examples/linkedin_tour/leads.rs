//! Leads: forms, what members entered into them, and leads that arrive by webhook.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use serde_json::json;
use sociogram::{
    api_core::{SystemClock, Timer as _},
    linkedin_api::{
        AdAccountUrn, ErrorKind, LeadFormUrn, LeadUrn,
        leads::{
            BatchGetLeadForms, CreateLeadNotification, DeleteLeadNotification, GetLeadForm,
            GetLeadNotification, GetLeadResponse, LeadForm, LeadFormState, LeadOwner, LeadType,
            ListLeadForms, ListLeadNotifications, ListLeadResponses,
        },
    },
    webhook_verify::{EventKind, LeadActionType, LinkedInVerifier, Secret, parse_linkedin},
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

use crate::{Outcome, control, expect, stage::Stage};

/// The ad account that the member manages, and its form.
const ACCOUNT: &str = "506070801";
const FORM: &str = "3162";
/// The organization's form, and one that does not exist.
const ORGANIZATION_FORM: &str = "3163";
const NO_FORM: &str = "9999";
/// Leads of the first form; the second is a test.
const LEAD: &str = "sbx-lead-1";
const TEST_LEAD: &str = "sbx-lead-2";
/// Where the app would be told of leads.
const WEBHOOK: &str = "https://hooks.example.com/linkedin";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    forms(stage).await?;
    responses(stage).await?;
    notifications(stage).await?;
    arrival(stage).await
}

/// Forms of an ad account and of an organization.
async fn forms(stage: &Stage) -> Outcome {
    let account = AdAccountUrn::from_id(ACCOUNT)?;
    let forms: Vec<_> = stage.member.items(ListLeadForms::new(account)).try_collect().await?;
    let urn = LeadFormUrn::from_id(FORM)?;
    expect(forms.iter().map(LeadForm::urn).eq([Some(urn.clone())]), "the form of the account")?;

    let form = stage.member.send(GetLeadForm::new(urn)).await?;
    expect(form.state == Some(LeadFormState::Published), "a form that can be used")?;
    let choice = form.questions().iter().find(|question| question.predefined_field.is_none());
    expect(choice.is_some() && form.questions().len() == 7, "questions of LinkedIn's and of one's own")?;

    let ids = [FORM, ORGANIZATION_FORM, NO_FORM].map(LeadFormUrn::from_id);
    let several = ids.into_iter().collect::<Result<Vec<_>, _>>()?;
    let several = stage.member.send(BatchGetLeadForms::new(several)).await?;
    expect(several.get(FORM) == Some(&form) && several.len() == 2, "both forms")?;
    let missing = several.failure(NO_FORM).and_then(|failure| failure.status);
    expect(missing == Some(404), "no third form")
}

/// What members entered: all leads, tests only, of one version of a form, and one lead.
async fn responses(stage: &Stage) -> Outcome {
    let account = AdAccountUrn::from_id(ACCOUNT)?;
    let leads = ListLeadResponses::new(account, LeadType::Sponsored);
    // Page by page, one lead on each, the newest first.
    let all: Vec<_> = stage.member.items(leads.clone().count(1)).try_collect().await?;
    expect(all.iter().map(|lead| lead.id.as_str()).eq([LEAD, TEST_LEAD]), "both leads")?;
    let tests: Vec<_> = stage.member.items(leads.clone().only_tests(true)).try_collect().await?;
    expect(tests.len() == 1 && tests.iter().all(|lead| lead.test_lead == Some(true)), "the test only")?;
    let version = all.first().and_then(|lead| lead.versioned_form.clone()).ok_or("no form")?;
    let of_form: Vec<_> = stage.member.items(leads.form(version)).try_collect().await?;
    expect(of_form.len() == 2, "the leads of the form")?;

    let lead = GetLeadResponse::new(LeadUrn::from_id(LEAD)?).with_form();
    let lead = stage.member.send(lead).await?;
    let contact = lead.contact();
    expect(contact.first_name == ["Grace"] && contact.email == ["grace@example.com"], "who it is")?;
    let bread = contact.other.iter().find(|answer| answer.name.as_deref() == Some("bread"));
    expect(bread.is_some_and(|bread| bread.values == ["Rye", "Spelt"]), "the bread that was chosen")?;
    expect(lead.campaign.is_some(), "the campaign that brought the lead")?;

    let refused = stage.self_serve.send(GetLeadResponse::new(LeadUrn::from_id(LEAD)?)).await;
    expect(refused.is_err_and(|error| error.kind() == ErrorKind::Permission), "leads to be kept from others")
}

/// Who is told of leads: subscriptions of an ad account and of an organization.
async fn notifications(stage: &Stage) -> Outcome {
    let account: LeadOwner = AdAccountUrn::from_id(ACCOUNT)?.into();
    let ads = CreateLeadNotification::new(account.clone(), LeadType::Sponsored, WEBHOOK);
    let ads = stage.member.send(ads).await?;
    let page = CreateLeadNotification::new(stage.organization.clone(), LeadType::Company, WEBHOOK)
        .associated_entity(stage.organization.clone());
    let page = stage.member.send(page).await?;
    let event = CreateLeadNotification::new(stage.organization.clone(), LeadType::Event, WEBHOOK);
    let event = stage.member.send(event).await?;

    let told = stage.member.send(GetLeadNotification::new(ads.clone())).await?;
    expect(told.owner == Some(account) && told.webhook.as_deref() == Some(WEBHOOK), "the subscription")?;
    let list = ListLeadNotifications::new(stage.organization.clone());
    let both: Vec<_> = stage.member.items(list.clone().count(1)).try_collect().await?;
    expect(both.len() == 2, "both subscriptions of the organization, on two pages")?;
    let company: Vec<_> = stage.member.items(list.clone().lead_type(LeadType::Company)).try_collect().await?;
    let entity = company.first().and_then(|one| one.associated_entity.as_ref());
    expect(company.len() == 1 && entity == Some(stage.organization.as_urn()), "the one of the page")?;

    for id in [ads.clone(), page, event] {
        stage.member.send(DeleteLeadNotification::new(id)).await?;
    }
    let gone = stage.member.send(GetLeadNotification::new(ads)).await;
    expect(gone.is_err_and(|error| error.kind() == ErrorKind::NotFound), "the subscription to be gone")?;
    let none: Vec<_> = stage.member.items(list).try_collect().await?;
    expect(none.is_empty(), "no subscriptions any more")
}

/// Somebody fills in the form of an ad. The webhook names the lead, and the lead is fetched.
async fn arrival(stage: &Stage) -> Outcome {
    let mut receiver = Receiver::start(&stage.sandbox.config().linkedin.secret).await?;
    let hook = json!({"linkedin": {"url": receiver.url}});
    control::control(&stage.sandbox, "webhooks", &hook).await?;
    let lead = json!({"kind": "linkedin_lead", "account": AdAccountUrn::from_id(ACCOUNT)?});
    control::control(&stage.sandbox, "trigger", &lead).await?;

    let named = tokio::select! {
        named = receiver.leads.recv() => named.ok_or("the web server ended")?,
        () = SystemClock::new().sleep(Duration::from_secs(10)) => return Err("nobody told of the lead".into()),
    };
    let lead = stage.member.send(GetLeadResponse::new(named.clone()).with_form()).await?;
    expect(lead.urn().as_ref() == Some(&named), "the lead that was named")?;
    expect(lead.contact().first_name == ["Ida"] && lead.lead_type == Some(LeadType::Sponsored), "who it is")?;

    let nowhere = json!({"linkedin": {"url": null}});
    control::control(&stage.sandbox, "webhooks", &nowhere).await?;
    receiver.server.abort();
    Ok(())
}

/// The web server of an app that is told of leads.
struct Receiver {
    url: String,
    leads: mpsc::UnboundedReceiver<LeadUrn>,
    server: JoinHandle<std::io::Result<()>>,
}

/// What its handlers work with.
struct Hook {
    verifier: LinkedInVerifier,
    leads: mpsc::UnboundedSender<LeadUrn>,
}

impl Receiver {
    async fn start(secret: &str) -> Outcome<Self> {
        let verifier = LinkedInVerifier::builder().secret("app", Secret::new(secret)?).build()?;
        let (sender, leads) = mpsc::unbounded_channel();
        let hook = Arc::new(Hook { verifier, leads: sender });
        let app = Router::new().route("/linkedin", get(challenge).post(delivery)).with_state(hook);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/linkedin", listener.local_addr()?);
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { url, leads, server })
    }
}

/// LinkedIn asks first whether the address is the app's.
async fn challenge(State(hook): State<Arc<Hook>>, RawQuery(query): RawQuery) -> Response {
    match hook.verifier.challenge(&query.unwrap_or_default()) {
        Ok(answer) => (answer.headers(), answer.into_body()).into_response(),
        Err(error) => status(error.suggested_status()).into_response(),
    }
}

/// Only what LinkedIn signed is read.
async fn delivery(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signatures = headers.get_all(LinkedInVerifier::SIGNATURE_HEADER);
    let verified = match hook.verifier.verify(signatures, body) {
        Ok(verified) => verified,
        Err(error) => return status(error.suggested_status()),
    };
    let Ok(delivery) = parse_linkedin(&verified) else { return StatusCode::BAD_REQUEST };
    for event in delivery.into_events() {
        let EventKind::LinkedInLeadAction(lead) = event.into_kind() else { continue };
        let named = lead.response.and_then(|urn| LeadUrn::parse(&urn).ok());
        if let (Some(LeadActionType::Created), Some(named)) = (lead.action, named)
            && hook.leads.send(named).is_err()
        {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::OK
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST)
}
