//! Members.

use serde_json::json;
use sociogram_linkedin_api::PersonUrn;
use sociogram_linkedin_api::profile::{BatchGetPeople, GetConnectionsSize, GetMe, GetPerson, GetUserInfo};

use crate::table::{Answer, Table};

fn person(id: &str) -> PersonUrn {
    PersonUrn::from_id(id).unwrap()
}

#[tokio::test]
async fn the_member() {
    let table = Table::new().await;
    table
        .row(
            GetUserInfo::new(),
            "GET /v2/userinfo",
            Answer::json(json!({"sub": "782bbtaQ", "email_verified": "true", "locale": {"language": "en"}})),
            |me| assert_eq!((me.sub.as_str(), me.email_verified), ("782bbtaQ", Some(true))),
        )
        .await;
    table
        .row(
            GetMe::new().fields("id,localizedFirstName"),
            "get GET /rest/me?fields=id,localizedFirstName",
            Answer::json(json!({
                "id": "782bbtaQ", "localizedFirstName": "Ada",
                "firstName": {"localized": {"en_US": "Ada"}, "preferredLocale": {"country": "US", "language": "en"}},
                "profilePicture": {"displayImage": "urn:li:digitalmediaAsset:C4"},
            })),
            |me| {
                assert_eq!((me.id.as_str(), me.name().as_deref()), ("782bbtaQ", Some("Ada")));
                assert_eq!(me.first_names.unwrap().preferred(), Some("Ada"));
                assert_eq!(me.profile_picture.unwrap().display_image.unwrap().id(), "C4");
            },
        )
        .await;
    table
        .row(
            GetConnectionsSize::new(person("782bbtaQ")),
            "GET /v2/connections/urn%3Ali%3Aperson%3A782bbtaQ",
            Answer::json(json!({"firstDegreeSize": 500})),
            |size| assert_eq!(size.first_degree_size, Some(500)),
        )
        .await;
}

#[tokio::test]
async fn other_members() {
    let table = Table::new().await;
    table
        .row(
            GetPerson::new(person("yrZCpj2Z12")),
            "get GET /rest/people/(id:yrZCpj2Z12)",
            Answer::json(json!({"id": "yrZCpj2Z12", "localizedHeadline": "API Enthusiast"})),
            |person| assert_eq!(person.headline.as_deref(), Some("API Enthusiast")),
        )
        .await;
    table
        .row(
            BatchGetPeople::new([person("a-1"), person("b_2")]),
            "batch_get GET /rest/people?ids=List((id:a-1),(id:b_2))",
            Answer::json(json!({
                "results": {"(id:a-1)": {"id": "a-1", "vanityName": "ada"}},
                "errors": {"(id:b_2)": {"status": 403}},
            })),
            |people| {
                let ada = people.get_compound(&BatchGetPeople::of(&person("a-1"))).unwrap();
                assert_eq!(ada.vanity_name.as_deref(), Some("ada"));
                assert_eq!(people.failure("(id:b_2)").unwrap().status, Some(403));
            },
        )
        .await;
}
