//! Organizations, and who may do what on their pages.

use serde_json::json;
use sociogram_linkedin_api::organizations::{
    AclState, AuthorizationAction, BatchGetOrganizations, BatchLookUpOrganizations, FindFollowers,
    FindMemberByVanityUrl, FindOrganizationAuthorizations, FindOrganizationByVanity,
    FindOrganizationsByEmailDomain, FollowerEdge, GetFollowerCount, GetOrganization, GetOrganizationBrand,
    ListChildOrganizations, ListOrganizationAcls, ListOrganizationAdmins, OrganizationAuthorization,
    OrganizationRole,
};
use sociogram_linkedin_api::{OrganizationUrn, Urn};

use crate::table::{Answer, Table};

fn page(id: &str) -> OrganizationUrn {
    OrganizationUrn::from_id(id).unwrap()
}

#[tokio::test]
async fn roles() {
    let table = Table::new().await;
    let next = "/rest/organizationAcls?count=2&q=roleAssignee&start=2";
    table
        .row(
            ListOrganizationAcls::new().state(AclState::Approved).count(2),
            "finder GET /rest/organizationAcls?count=2&q=roleAssignee&start=0&state=APPROVED",
            Answer::json(json!({
                "elements": [{"organization": "urn:li:organization:5", "role": "ADMINISTRATOR"}, 7],
                "paging": {"start": 0, "count": 2, "links": [{"rel": "next", "href": next}]},
            })),
            |page| {
                assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
                assert_eq!(page.next.unwrap().as_str(), "2");
            },
        )
        .await;
    table
        .row(
            ListOrganizationAdmins::new(page("5")).role(OrganizationRole::ContentAdministrator),
            "finder GET /rest/organizationAcls?count=50&organization=urn%3Ali%3Aorganization%3A5&q=organization\
             &role=CONTENT_ADMINISTRATOR&start=0",
            Answer::json(json!({"elements": [
                {"roleAssignee": "urn:li:person:a", "role": "CONTENT_ADMINISTRATOR", "state": "APPROVED"},
            ]})),
            |page| assert_eq!(page.items[0].assignee().unwrap().id(), "a"),
        )
        .await;
}

#[tokio::test]
async fn authorizations() {
    let table = Table::new().await;
    let actions = || {
        [
            AuthorizationAction::role("ADMINISTRATOR_READ"),
            AuthorizationAction::content("ORGANIC_SHARE_CREATE"),
        ]
    };
    let answer = || {
        Answer::json(json!({"elements": [
            {"elements": [
                {"organization": "urn:li:organization:5", "impersonator": "urn:li:person:a", "status": {"approved": {}}},
                {"organization": "urn:li:organization:6", "status": {"denied": {}}},
            ]},
            {"isError": true, "error": {"status": 403, "message": "CANARY"}, "elements": []},
        ]}))
    };
    table
        .row(
            FindOrganizationAuthorizations::new(actions()).bare(),
            "batch_finder GET /rest/organizationAuthorizations?authorizationActions=List(\
             (OrganizationRoleAuthorizationAction:(actionType:ADMINISTRATOR_READ)),\
             (OrganizationContentAuthorizationAction:(actionType:ORGANIC_SHARE_CREATE)))\
             &bq=authorizationActionsAndImpersonator",
            answer(),
            |found| {
                let approved: Vec<bool> = found[0]
                    .as_ref()
                    .unwrap()
                    .items
                    .iter()
                    .map(OrganizationAuthorization::is_approved)
                    .collect();
                assert_eq!(approved, [true, false]);
                assert_eq!(found[1].as_ref().unwrap_err().status, Some(403));
            },
        )
        .await;
    table
        .row(
            FindOrganizationAuthorizations::new(actions()),
            "batch_finder GET /rest/organizationAuthorizations?authorizationActions=List(\
             (authorizationAction:(organizationRoleAuthorizationAction:(actionType:ADMINISTRATOR_READ))),\
             (authorizationAction:(organizationContentAuthorizationAction:(actionType:ORGANIC_SHARE_CREATE))))\
             &bq=authorizationActionsAndImpersonator",
            answer(),
            |found| assert_eq!(found.len(), 2),
        )
        .await;
}

#[tokio::test]
async fn organizations_by_id() {
    let table = Table::new().await;
    table
        .row(
            GetOrganization::new(page("2414183")).fields("id,localizedName"),
            "get GET /rest/organizations/2414183?fields=id,localizedName",
            Answer::json(json!({"id": 2_414_183, "localizedName": "Devtestco"})),
            |organization| assert_eq!(organization.urn(), Some(page("2414183"))),
        )
        .await;
    table
        .row(
            GetOrganizationBrand::new(Urn::parse("urn:li:organizationBrand:7").unwrap()),
            "get GET /rest/organizationBrands/7",
            Answer::json(json!({"id": 7, "primaryOrganizationType": "BRAND"})),
            |brand| assert_eq!(brand.id, Some(7)),
        )
        .await;
    let answer = || {
        Answer::json(json!({
            "results": {"1": {"id": 1, "vanityName": "one"}},
            "statuses": {"1": 200, "2": 403},
            "errors": {"2": {"status": 403, "code": "ACCESS_DENIED"}},
        }))
    };
    table
        .row(
            BatchGetOrganizations::new([page("1"), page("2")]),
            "batch_get GET /rest/organizations?ids=List(1,2)",
            answer(),
            |found| {
                assert_eq!(found.get("1").unwrap().vanity_name.as_deref(), Some("one"));
                assert_eq!(found.failure("2").unwrap().status, Some(403));
            },
        )
        .await;
    table
        .row(
            BatchLookUpOrganizations::new([page("1"), page("2"), page("3")]).fields("vanityName"),
            "batch_get GET /rest/organizationsLookup?fields=vanityName&ids=List(1,2,3)",
            answer(),
            |found| assert_eq!((found.len(), found.failure("3").unwrap().status), (1, Some(404))),
        )
        .await;
}

#[tokio::test]
async fn organizations_by_name() {
    let table = Table::new().await;
    let answer = || Answer::json(json!({"elements": [{"id": 1337, "localizedName": "LinkedIn"}, "x"]}));
    table
        .row(
            FindOrganizationByVanity::new("linkedin"),
            "finder GET /rest/organizations?q=vanityName&vanityName=linkedin",
            answer(),
            |page| assert_eq!((page.items[0].display_name(), page.malformed.len()), (Some("LinkedIn"), 1)),
        )
        .await;
    table
        .row(
            FindOrganizationsByEmailDomain::new("linkedin.com"),
            "finder GET /rest/organizations?count=10&emailDomain=linkedin.com&q=emailDomain&start=0",
            answer(),
            |page| assert_eq!(page.items[0].id, Some(1337)),
        )
        .await;
    table
        .row(
            ListChildOrganizations::new(page("5")).count(1),
            "finder GET /rest/organizations?count=1&parent=urn%3Ali%3Aorganization%3A5&q=parentOrganization&start=0",
            answer(),
            |page| assert_eq!(page.items.len(), 1),
        )
        .await;
}

#[tokio::test]
async fn followers() {
    let table = Table::new().await;
    let size = || Answer::json(json!({"firstDegreeSize": 219_145}));
    table
        .row(
            GetFollowerCount::new(page("5")),
            "get GET /rest/networkSizes/urn%3Ali%3Aorganization%3A5?edgeType=COMPANY_FOLLOWED_BY_MEMBER",
            size(),
            |size| assert_eq!(size.first_degree_size, Some(219_145)),
        )
        .await;
    table
        .row(
            GetFollowerCount::new(page("5")).edge(FollowerEdge::Older),
            "get GET /rest/networkSizes/urn%3Ali%3Aorganization%3A5?edgeType=CompanyFollowedByMember",
            size(),
            |size| assert_eq!(size.second_degree_size, None),
        )
        .await;
    table
        .row(
            FindFollowers::new(page("5"), "an (b)"),
            "finder GET /rest/peopleTypeahead?keywords=an%20%28b%29&organization=urn%3Ali%3Aorganization%3A5\
             &q=organizationFollowers",
            Answer::json(json!({"elements": [
                {"member": "urn:li:person:a", "firstName": "Annie", "lastName": "V", "photo": "urn:li:image:C5"},
            ]})),
            |page| assert_eq!(page.items[0].member.as_ref().unwrap().id(), "a"),
        )
        .await;
    table
        .row(
            FindMemberByVanityUrl::new("https://www.linkedin.com/in/ada").organization(page("5")),
            "finder GET /rest/vanityUrl?organization=urn%3Ali%3Aorganization%3A5&q=vanityUrlAsOrganization\
             &vanityUrl=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fada",
            Answer::json(json!({"elements": [{"member": "urn:li:person:a"}]})),
            |page| assert_eq!(page.items[0].member.as_ref().unwrap().id(), "a"),
        )
        .await;
}
