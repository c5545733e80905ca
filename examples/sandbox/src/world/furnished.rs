//! The default world.

use super::{
    Business, FacebookPage, FacebookUser, InstagramAccount, LinkedInMember, LinkedInOrganization,
    ThreadsProfile, World,
};

impl Default for World {
    fn default() -> Self {
        let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Self {
            user: FacebookUser {
                id: "10160000000000001".to_owned(),
                name: "Ada Sandbox".to_owned(),
                email: "ada@example.com".to_owned(),
            },
            other_users: vec![FacebookUser {
                id: "10160000000000002".to_owned(),
                name: "Bo Sandbox".to_owned(),
                email: "bo@example.com".to_owned(),
            }],
            pages: vec![
                FacebookPage {
                    id: "102030405060701".to_owned(),
                    name: "Sandbox Bäckerei".to_owned(),
                    category: "Bakery".to_owned(),
                    tasks: strings(&[
                        "ADVERTISE",
                        "ANALYZE",
                        "CREATE_CONTENT",
                        "MESSAGING",
                        "MODERATE",
                        "MANAGE",
                    ]),
                },
                FacebookPage {
                    id: "102030405060702".to_owned(),
                    name: "Sandbox Warehouse".to_owned(),
                    category: "Warehouse".to_owned(),
                    tasks: strings(&["ANALYZE"]),
                },
            ],
            business: Business {
                id: "300400500600701".to_owned(),
                system_user: "10160000000000091".to_owned(),
                system_user_name: "Sandbox system user".to_owned(),
                whatsapp_account: "400500600700801".to_owned(),
                phone_number: "500600700800901".to_owned(),
            },
            datasets: strings(&["200300400500601"]),
            instagram: vec![
                InstagramAccount {
                    id: "17841400000000101".to_owned(),
                    user_id: "17841405822300201".to_owned(),
                    username: "sandbox.bakery".to_owned(),
                    name: "Sandbox Bäckerei".to_owned(),
                    account_type: "BUSINESS".to_owned(),
                },
                InstagramAccount {
                    id: "17841400000000102".to_owned(),
                    user_id: "17841405822300202".to_owned(),
                    username: "sandbox.bo".to_owned(),
                    name: "Bo Sandbox".to_owned(),
                    account_type: "MEDIA_CREATOR".to_owned(),
                },
            ],
            threads: vec![
                ThreadsProfile {
                    id: "17841405793187219".to_owned(),
                    username: "sandbox.bakery".to_owned(),
                    name: "Sandbox Bäckerei".to_owned(),
                },
                ThreadsProfile {
                    id: "17841405793187221".to_owned(),
                    username: "sandbox.bo".to_owned(),
                    name: "Bo Sandbox".to_owned(),
                },
            ],
            member: LinkedInMember {
                id: "sbx-Ada_01".to_owned(),
                given_name: "Ada".to_owned(),
                family_name: "Sandbox".to_owned(),
                email: "ada@example.com".to_owned(),
            },
            other_members: vec![LinkedInMember {
                id: "sbx-Bo_02".to_owned(),
                given_name: "Bo".to_owned(),
                family_name: "Sandbox".to_owned(),
                email: "bo@example.com".to_owned(),
            }],
            organizations: vec![
                LinkedInOrganization {
                    id: "5000001".to_owned(),
                    name: "Sandbox Bakery".to_owned(),
                    role: "ADMINISTRATOR".to_owned(),
                    state: "APPROVED".to_owned(),
                },
                LinkedInOrganization {
                    id: "5000002".to_owned(),
                    name: "Sandbox Warehouse".to_owned(),
                    role: "ANALYST".to_owned(),
                    state: "APPROVED".to_owned(),
                },
            ],
            conversion_rules: Vec::new(),
        }
    }
}
