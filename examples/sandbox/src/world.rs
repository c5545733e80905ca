//! The people, Pages and organizations the platforms know.

mod furnished;

/// What exists on the platforms before anyone calls them.
///
/// The default world: one Facebook user with two Pages (the second with too weak a task to hand out a token) and a
/// business, one dataset, one LinkedIn member who administers one organization and may only read the statistics of
/// another, an Instagram account and a Threads profile. Everyone has a second person to log in as, who has nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// The person who answers Facebook's consent dialog, until another logs in.
    pub user: FacebookUser,
    /// Other people who can log in at Facebook. They have no role on any Page.
    pub other_users: Vec<FacebookUser>,
    /// Pages the first person has a role on, in the order `/me/accounts` lists them. Assigned to the system user too.
    pub pages: Vec<FacebookPage>,
    /// The business that the system user belongs to.
    pub business: Business,
    /// Ids of datasets (pixels) that accept conversion events.
    pub datasets: Vec<String>,
    /// Professional Instagram accounts. The first answers Instagram's dialog, until another logs in.
    pub instagram: Vec<InstagramAccount>,
    /// Threads profiles. The first answers the dialog of Threads, until another logs in.
    pub threads: Vec<ThreadsProfile>,
    /// The person who answers LinkedIn's consent dialog, until another logs in.
    pub member: LinkedInMember,
    /// Other people who can log in at LinkedIn. They have no role in any organization.
    pub other_members: Vec<LinkedInMember>,
    /// Organizations the first member has a role in.
    pub organizations: Vec<LinkedInOrganization>,
    /// Ids of conversion rules of the ad account that the first member manages (decimal digits).
    pub conversion_rules: Vec<u32>,
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

/// A business of the first Facebook user, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Business {
    /// Business id (decimal digits): `client_business_id` of the system user.
    pub id: String,
    /// Id of the system user that configurations of Facebook Login for Business give tokens of.
    pub system_user: String,
    /// Name of the system user.
    pub system_user_name: String,
    /// Id of the WhatsApp Business Account that Embedded Signup shares.
    pub whatsapp_account: String,
    /// Id of its phone number.
    pub phone_number: String,
}

/// A professional Instagram account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstagramAccount {
    /// App-scoped id: `user_id` of the token answer, `id` of `/me`.
    pub id: String,
    /// Id of the professional account: the field `user_id` of `/me`.
    pub user_id: String,
    /// Handle.
    pub username: String,
    /// Name.
    pub name: String,
    /// `BUSINESS` or `MEDIA_CREATOR`.
    pub account_type: String,
}

/// A Threads profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadsProfile {
    /// App-scoped id (decimal digits). The token answer has it as a number, in the default world beyond 2^53.
    pub id: String,
    /// Handle.
    pub username: String,
    /// Name.
    pub name: String,
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

impl World {
    /// The Facebook user with this id.
    pub(crate) fn facebook_user(&self, id: &str) -> Option<&FacebookUser> {
        std::iter::once(&self.user).chain(&self.other_users).find(|user| user.id == id)
    }

    /// The LinkedIn member with this id.
    pub(crate) fn linkedin_member(&self, id: &str) -> Option<&LinkedInMember> {
        self.linkedin_members().find(|member| member.id == id)
    }

    /// Everyone who can log in at LinkedIn.
    pub(crate) fn linkedin_members(&self) -> impl Iterator<Item = &LinkedInMember> {
        std::iter::once(&self.member).chain(&self.other_members)
    }

    /// Whether this person or system user has the Pages of this world.
    pub(crate) fn has_pages(&self, person: &str) -> bool {
        person == self.user.id || person == self.business.system_user
    }
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
