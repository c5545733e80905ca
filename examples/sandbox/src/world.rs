//! The people, Pages and organizations the platforms know.

/// What exists on both platforms before anyone calls them.
///
/// The default world: one Facebook user with two Pages (the second with too weak a task to hand out a token), one
/// dataset, and one LinkedIn member who administers one organization and may only read the statistics of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// The person who answers Facebook's consent dialog.
    pub user: FacebookUser,
    /// Pages that person has a role on, in the order `/me/accounts` lists them.
    pub pages: Vec<FacebookPage>,
    /// Ids of datasets (pixels) that accept conversion events.
    pub datasets: Vec<String>,
    /// The person who answers LinkedIn's consent dialog.
    pub member: LinkedInMember,
    /// Organizations that member has a role in.
    pub organizations: Vec<LinkedInOrganization>,
}

/// A Facebook user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacebookUser {
    /// App-scoped user id (decimal digits).
    pub id: String,
    /// Full name.
    pub name: String,
    /// Mail address, shown with the `email` permission.
    pub email: String,
}

/// A Facebook Page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacebookPage {
    /// Page id (decimal digits).
    pub id: String,
    /// Page name.
    pub name: String,
    /// Category shown with the Page.
    pub category: String,
    /// Tasks the user has on the Page. Without `CREATE_CONTENT` no Page token is handed out.
    pub tasks: Vec<String>,
}

/// A LinkedIn member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedInMember {
    /// Pairwise member id: the `sub` of userinfo and the last part of `urn:li:person:…`.
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// Mail address, shown with the `email` scope.
    pub email: String,
}

/// A LinkedIn organization and the member's role in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedInOrganization {
    /// Numeric organization id.
    pub id: String,
    /// Full page name; a mention must repeat it exactly.
    pub name: String,
    /// The member's role, for example `ADMINISTRATOR` or `ANALYST`.
    pub role: String,
    /// State of the role assignment, for example `APPROVED`.
    pub state: String,
}

impl FacebookPage {
    /// Whether the user's tasks on this Page are strong enough for a Page token.
    pub fn gives_token(&self) -> bool {
        self.tasks.iter().any(|task| task == "CREATE_CONTENT" || task == "MANAGE")
    }
}

impl LinkedInMember {
    /// `urn:li:person:{id}`.
    pub fn urn(&self) -> String {
        format!("urn:li:person:{}", self.id)
    }

    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

impl LinkedInOrganization {
    /// `urn:li:organization:{id}`.
    pub fn urn(&self) -> String {
        format!("urn:li:organization:{}", self.id)
    }
}

impl Default for World {
    fn default() -> Self {
        let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Self {
            user: FacebookUser {
                id: "10160000000000001".to_owned(),
                name: "Ada Sandbox".to_owned(),
                email: "ada@example.com".to_owned(),
            },
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
            datasets: strings(&["200300400500601"]),
            member: LinkedInMember {
                id: "sbx-Ada_01".to_owned(),
                given_name: "Ada".to_owned(),
                family_name: "Sandbox".to_owned(),
                email: "ada@example.com".to_owned(),
            },
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
        }
    }
}
