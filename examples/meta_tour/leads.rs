//! Lead forms, their leads, and what a lead says about a person.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::{Clock as _, SystemClock},
    meta_graph::{
        AdId, LeadFormId, LeadId,
        ads::GetAd,
        leads::{
            ContextCard, CreateLeadForm, CreateTestLead, CustomDisclaimer, DeleteLead, DisclaimerResponse,
            FieldData, FormCheckbox, GatedFile, GetLead, GetLeadAccess, GetLeadForm, GetLeadTerms,
            LeadContact, LeadFormStatus, LeadSource, LeadSync, LeadTimes, ListAdLeads, ListFormLeads,
            ListLeadForms, ListTestLeads, PrivacyPolicy, Question, QuestionType, ThankYouButton,
            ThankYouPage, UpdateLeadForm,
        },
    },
};

use crate::{Outcome, expect, stage::Stage};

/// The Page's form that has leads.
const FORM: &str = "5550000000000001";
/// A lead of the form, an hour old.
const LEAD: &str = "90071992547400001";
/// The ad that brought one.
const AD: &str = "120230000000001";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    access(stage).await?;
    let form = make_form(stage).await?;
    test_leads(stage, &form).await?;
    end_form(stage, form).await?;
    gated_form(stage).await?;
    leads(stage).await?;
    leads_of_an_ad(stage).await?;
    catch_up(stage).await
}

/// Whether leads may be read, before anything is asked for.
async fn access(stage: &Stage) -> Outcome {
    let terms = stage.page.send(GetLeadTerms::new(stage.page_id.clone())).await?;
    expect(terms.accepted == Some(true), "the terms for leads to be accepted")?;
    let asks = GetLeadAccess::new(stage.page_id.clone(), stage.user_id.clone()).app(stage.app_id.clone());
    let access = stage.page.send(asks).await?;
    expect(access.is_granted(), "the person to be let in")
}

/// A form with questions of Meta's and of one's own.
async fn make_form(stage: &Stage) -> Outcome<LeadFormId> {
    let questions = [
        Question::new(QuestionType::Email),
        Question::new(QuestionType::FullName),
        Question::custom("When shall we call?").key("when").options([("am", "Morning"), ("pm", "Afternoon")]),
    ];
    let disclaimer = CustomDisclaimer::new("Consent", "We may call you.")
        .checkboxes([FormCheckbox::new("call", "Call me").required(), FormCheckbox::new("mail", "Mail me")]);
    let thanks = ThankYouPage::new("Thank you", "We will call.", ThankYouButton::ViewWebsite, "Our shop")
        .website("https://example.com");
    let create = CreateLeadForm::new(stage.page_id.clone(), "Spring", questions)
        .privacy_policy(PrivacyPolicy::new("https://example.com/privacy").link_text("Privacy"))
        .context_card(ContextCard::list("Why us", ["Fast", "Fair"]).button("Go on"))
        .thank_you_page(thanks)
        .custom_disclaimer(disclaimer)
        .tracking_parameter("campaign", "spring")
        .locale("en_US");
    let form = stage.page.send(create).await?.id;
    let read = stage.page.send(GetLeadForm::new(form.clone())).await?;
    expect(
        (read.status, read.questions.len()) == (Some(LeadFormStatus::Active), 3),
        "the form as it was made",
    )?;
    let forms: Vec<_> =
        stage.page.items(ListLeadForms::new(stage.page_id.clone()).limit(1)).try_collect().await?;
    expect(forms.iter().any(|known| known.id == form), "the form to be listed")?;
    Ok(form)
}

/// A form has one test lead at a time.
async fn test_leads(stage: &Stage, form: &LeadFormId) -> Outcome {
    let create = CreateTestLead::new(form.clone())
        .field_data(vec![
            FieldData::new("email", ["test@example.com"]),
            FieldData::new("full_name", ["Tess Test"]),
            FieldData::new("when", ["am"]),
        ])
        .custom_disclaimer_responses(vec![
            DisclaimerResponse::new("call", true),
            DisclaimerResponse::new("mail", false),
        ]);
    let lead = stage.page.send(create.clone()).await?.id;
    expect(stage.page.send(create).await.is_err(), "a second test lead to be refused")?;
    let listed: Vec<_> = stage.page.items(ListTestLeads::new(form.clone())).try_collect().await?;
    expect(listed.len() == 1, "one test lead")?;

    // The form tells what the names of the answers mean.
    let lead = stage.page.send(GetLead::new(lead)).await?;
    let form = stage.page.send(GetLeadForm::new(form.clone())).await?;
    let contact = LeadContact::new(&lead, Some(&form));
    expect(contact.email == ["test@example.com"] && contact.full_name == ["Tess Test"], "the answers")?;
    let asked = contact.other.first().and_then(|answer| answer.label.as_deref());
    expect(asked == Some("When shall we call?"), "the question of one's own with its text")?;
    expect(!format!("{lead:?} {contact:?}").contains("Tess"), "what is printed to hold no answers")?;

    stage.page.send(DeleteLead::new(lead.id.clone())).await?;
    expect(stage.page.send(GetLead::new(lead.id)).await.is_err(), "the test lead to be gone")
}

/// Forms cannot be changed, but put away.
async fn end_form(stage: &Stage, form: LeadFormId) -> Outcome {
    for status in [LeadFormStatus::Archived, LeadFormStatus::Active, LeadFormStatus::Deleted] {
        stage.page.send(UpdateLeadForm::new(form.clone(), status)).await?;
    }
    let forms = stage.page.send(ListLeadForms::new(stage.page_id.clone())).await?;
    expect(forms.items.iter().all(|known| known.id != form), "the deleted form not to be listed")
}

/// A form that gives a file for the answers.
async fn gated_form(stage: &Stage) -> Outcome {
    let guide = GatedFile::new("guide.pdf", "application/pdf", b"%PDF-1.7".to_vec());
    let create = CreateLeadForm::new(stage.page_id.clone(), "Guide", [Question::new(QuestionType::Email)])
        .privacy_policy(PrivacyPolicy::new("https://example.com/privacy"))
        .gated_file(guide);
    let form = stage.page.send(create).await?.id;
    stage.page.send(UpdateLeadForm::new(form, LeadFormStatus::Deleted)).await?;
    Ok(())
}

/// All leads of a form, those of some hours, and one.
async fn leads(stage: &Stage) -> Outcome {
    let form = LeadFormId::new(FORM)?;
    let all: Vec<_> = stage.page.items(ListFormLeads::new(form.clone()).limit(1)).try_collect().await?;
    expect(all.len() > 1, "leads over several pages")?;
    let now = SystemClock::new().now();
    let recent = LeadTimes::since(now.saturating_sub(Duration::from_secs(5400))).until(now);
    let recent: Vec<_> = stage.page.items(ListFormLeads::new(form).times(recent)).try_collect().await?;
    expect(recent.len() < all.len(), "older leads to be left out")?;

    let lead = stage.page.send(GetLead::new(LeadId::new(LEAD)?)).await?;
    let contact = LeadContact::new(&lead, None);
    expect(contact.email.len() == 1 && contact.phone.len() == 1, "the answers by their usual names")
}

/// The leads of an ad, which is in the ad account.
async fn leads_of_an_ad(stage: &Stage) -> Outcome {
    let leads: Vec<_> = stage.page.items(ListAdLeads::new(AdId::new(AD)?)).try_collect().await?;
    let lead = leads.first().ok_or("the ad has no lead")?;
    let ad = lead.ad_id.clone().ok_or("the lead names no ad")?;
    let ad = stage.user.send(GetAd::new(ad)).await?;
    expect(ad.name == lead.ad_name && ad.campaign_id == lead.campaign_id, "the ad that the lead names")
}

/// New leads since the last time, each once.
async fn catch_up(stage: &Stage) -> Outcome {
    let mut sync = LeadSync::new(LeadSource::Form(LeadFormId::new(FORM)?));
    let mut first = 0;
    while let Some(new) = sync.next(&stage.page).await? {
        first += new.leads.len();
    }
    expect(first > 1 && sync.watermark().is_some(), "all leads on the first run")?;
    let mut second = 0;
    while let Some(new) = sync.next(&stage.page).await? {
        second += new.leads.len();
    }
    expect(second == 0, "none of them on the second run")
}
