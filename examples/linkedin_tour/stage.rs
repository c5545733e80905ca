//! The sandbox, and the clients of everybody who calls it.

use std::sync::Arc;

use sociogram::{
    api_core::http::{Observer, Transport},
    linkedin_api::{BaseUrl, Client, OrganizationUrn, PersonUrn},
};
use sociogram_sandbox::{Endpoints, Sandbox, SandboxConfig};

use crate::program::{
    Outcome,
    wire::{Report, Wire},
};

/// What the member agreed to: everything that some area needs.
const SCOPES: &[&str] = &[
    "r_1st_connections_size",
    "r_ads",
    "r_ads_reporting",
    "r_basicprofile",
    "r_marketing_leadgen_automation",
    "r_member_postAnalytics",
    "r_member_profileAnalytics",
    "r_member_social",
    "r_member_social_feed",
    "r_organization_followers",
    "r_organization_social",
    "r_organization_social_feed",
    "rw_ads",
    "rw_conversions",
    "rw_organization_admin",
    "w_member_social",
    "w_member_social_feed",
    "w_organization_social",
    "w_organization_social_feed",
];

/// What a self-serve app gets: Sign In with LinkedIn and Share on LinkedIn.
const SELF_SERVE: &[&str] = &["openid", "profile", "email", "w_member_social"];

/// What every area of the tour works with.
pub(crate) struct Stage {
    /// Plays the platform.
    pub(crate) sandbox: Sandbox,
    /// With the token of a member who agreed to everything.
    pub(crate) member: Client,
    /// With a token of the same member for a self-serve app, which can write and hardly read.
    pub(crate) self_serve: Client,
    /// The member.
    pub(crate) member_urn: PersonUrn,
    /// The organization that the member administers.
    pub(crate) organization: OrganizationUrn,
}

impl Stage {
    /// Starts a sandbox and logs everybody in.
    ///
    /// # Errors
    /// When the sandbox cannot start or a client cannot be built.
    pub(crate) async fn log_in(report: Arc<Report>) -> Outcome<Self> {
        let sandbox = Sandbox::start(SandboxConfig::default()).await?;
        let (config, world) = (sandbox.config(), sandbox.world());
        report.secrets().add(&config.linkedin.secret);
        let endpoints = sandbox.endpoints();
        let wire: Arc<dyn Transport> = Arc::new(Wire::new(played(&endpoints), Arc::clone(&report))?);
        let observer: Arc<dyn Observer> = report.clone();
        let client = |scopes: &[&str]| -> Outcome<Client> {
            let token = sandbox.linkedin_token(scopes);
            report.secrets().add(&token);
            let builder = Client::builder().transport(Arc::clone(&wire)).observer(Arc::clone(&observer));
            let builder = builder.access_token(token).base_url(BaseUrl::parse(&endpoints.linkedin_api)?);
            Ok(builder.app(config.linkedin.id.as_str()).member(world.member.id.as_str()).build()?)
        };
        let (member, self_serve) = (client(SCOPES)?, client(SELF_SERVE)?);
        let organization = world.organizations.first().ok_or("the world has no organization")?;
        Ok(Self {
            member,
            self_serve,
            member_urn: PersonUrn::from_id(&world.member.id)?,
            organization: OrganizationUrn::from_id(&organization.id)?,
            sandbox,
        })
    }
}

/// The hosts of the platform, by the sandbox's addresses for them.
fn played(endpoints: &Endpoints) -> Vec<(String, &'static str)> {
    vec![
        (endpoints.linkedin_api.clone(), "api.linkedin.com"),
        (endpoints.linkedin_oauth.clone(), "www.linkedin.com"),
    ]
}
