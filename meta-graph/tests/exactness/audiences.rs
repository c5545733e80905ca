//! Audiences (Marketing API: Custom Audience, Customer File Custom Audiences).

use serde_json::json;
use sociogram_meta_graph::ads::{
    AddAudienceUsers, AudienceBatch, AudienceLabel, AudienceSubtype, AudienceUser, AudienceUsers,
    CreateCustomAudience, CreateLookalike, CustomerFileSource, DeleteCustomAudience, Filter, FilterOperator,
    GetCustomAudience, ListAudienceSessions, ListCustomAudiences, LookalikeSpec, RemoveAudienceUsers,
    ReplaceAudienceUsers, UpdateCustomAudience,
};
use sociogram_meta_graph::{AdAccountId, CustomAudienceId};

use crate::table::Table;

fn account() -> AdAccountId {
    AdAccountId::of("5").unwrap()
}

fn audience() -> CustomAudienceId {
    CustomAudienceId::from(7)
}

const FIELDS: &str = "id%2Caccount_id%2Cname%2Cdescription%2Csubtype%2Ccustomer_file_source%2Coperation_status\
                      %2Cdelivery_status%2Capproximate_count_lower_bound%2Capproximate_count_upper_bound\
                      %2Cretention_days%2Cis_value_based%2Ctime_created%2Ctime_updated%2Ctime_content_updated";

#[tokio::test]
async fn audiences_themselves() {
    let table = Table::new().await;
    table
        .row(
            ListCustomAudiences::new(account()).filtering(vec![Filter::new(
                "subtype",
                FilterOperator::Equal,
                "CUSTOM",
            )]),
            &format!(
                "GET /v26.0/act_5/customaudiences?filtering=%5B%7B%22field%22%3A%22subtype%22%2C%22operator%22%3A\
                 %22EQUAL%22%2C%22value%22%3A%22CUSTOM%22%7D%5D&fields={FIELDS}"
            ),
            json!({"data": [{"id": "7", "name": "Customers", "subtype": "CUSTOM"}]}),
            |page| assert_eq!(page.items[0].subtype, Some(AudienceSubtype::Custom)),
        )
        .await;
    table
        .row(
            GetCustomAudience::new(audience()),
            &format!("GET /v26.0/7?fields={FIELDS}"),
            json!({"id": "7", "name": "Customers", "customer_file_source": "USER_PROVIDED_ONLY",
                "operation_status": {"code": 200, "description": "Normal"}, "approximate_count_lower_bound": 1000}),
            |audience| {
                assert_eq!(audience.approximate_count_lower_bound, Some(1000));
                assert!(!audience.operation_status.unwrap().is_flagged());
            },
        )
        .await;
    table
        .row(
            CreateCustomAudience::new(account(), "Customers", CustomerFileSource::UserProvidedOnly)
                .description("All")
                .audience_labels(vec![AudienceLabel::HighValueCustomers]),
            "POST /v26.0/act_5/customaudiences\nform subtype=CUSTOM&name=Customers\
             &customer_file_source=USER_PROVIDED_ONLY&description=All\
             &audience_labels=%5B%22HIGH_VALUE_CUSTOMERS%22%5D",
            json!({"id": "7"}),
            |created| assert_eq!(created.id, audience()),
        )
        .await;
    table
        .row(
            CreateLookalike::new(account(), "Alike", audience(), LookalikeSpec::new("DE", 0.05).starting_at(0.01)),
            "POST /v26.0/act_5/customaudiences\nform subtype=LOOKALIKE&name=Alike&origin_audience_id=7\
             &lookalike_spec=%7B%22country%22%3A%22DE%22%2C%22ratio%22%3A0.05%2C%22starting_ratio%22%3A0.01%7D",
            json!({"id": "8"}),
            |created| assert_eq!(created.id.as_str(), "8"),
        )
        .await;
    table
        .row(
            UpdateCustomAudience::new(audience()).name("Buyers").description("x"),
            "POST /v26.0/7\nform name=Buyers&description=x",
            json!({"success": true}),
            |()| (),
        )
        .await;
    table
        .row(DeleteCustomAudience::new(audience()), "DELETE /v26.0/7", json!({"success": true}), |()| ())
        .await;
}

fn batch() -> AudienceBatch {
    let users: AudienceUsers = [AudienceUser::new()
        .external_id("C-7")
        .email("abc")
        .with(sociogram_meta_graph::ads::AudienceKey::City, "abc")]
    .into_iter()
    .collect();
    users.batch(0, Some(9_778_993)).unwrap()
}

/// The digest is that of `abc` (FIPS 180-4).
const SENT: &str = "form payload=%7B%22schema%22%3A%5B%22EXTERN_ID%22%2C%22CT%22%5D%2C%22data%22%3A%5B%5B%22C-7%22%2C%22\
                    ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad%22%5D%5D%7D\
                    &session=%7B%22batch_seq%22%3A1%2C%22estimated_num_total%22%3A1%2C%22last_batch_flag%22%3Atrue\
                    %2C%22session_id%22%3A9778993%7D";

#[tokio::test]
async fn people_in_audiences() {
    let table = Table::new().await;
    let answer = json!({"audience_id": "7", "session_id": "9778993", "num_received": 1, "num_invalid_entries": 0,
        "invalid_entry_samples": {}});
    table
        .row(
            AddAudienceUsers::new(audience(), batch()),
            &format!("POST /v26.0/7/users\n{SENT}"),
            answer.clone(),
            |received| {
                assert_eq!((received.num_received, received.session_id), (Some(1), Some(9_778_993)));
                assert_eq!(received.num_invalid_entries, Some(0));
            },
        )
        .await;
    table
        .row(
            RemoveAudienceUsers::new(audience(), batch()),
            &format!("DELETE /v26.0/7/users\n{SENT}"),
            answer.clone(),
            |received| assert_eq!(received.audience_id, Some(audience())),
        )
        .await;
    table
        .row(
            ReplaceAudienceUsers::new(audience(), batch()),
            &format!("POST /v26.0/7/usersreplace\n{SENT}"),
            answer,
            |received| assert!(received.invalid_entry_samples.is_some()),
        )
        .await;
    table
        .row(
            ListAudienceSessions::new(audience()).session_id(9_778_993_u64),
            "GET /v26.0/7/sessions?session_id=9778993",
            json!({"data": [{"session_id": "9778993", "stage": "uploading", "progress": "42.5", "num_received": "10000",
                "num_matched": "0", "num_invalid_entries": "3", "start_time": "1767225600"}]}),
            |page| {
                let session = &page.items[0];
                assert_eq!((session.num_received, session.progress), (Some(10_000), Some(42.5)));
            },
        )
        .await;
}
