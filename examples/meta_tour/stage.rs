//! The sandbox, and the clients of everybody who calls it.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use sociogram::{
    api_core::http::{Observer, Transport},
    meta_graph::{
        AppId, BaseUrl, Client, ClientBuilder, GraphHost, InstagramAccountId, PageId, UserId,
        pages::ListAccounts,
    },
    oauth_core::{AccessToken, StaticToken},
};
use sociogram_sandbox::{Endpoints, Sandbox, SandboxConfig};

use crate::program::{
    Outcome,
    wire::{Report, Wire},
};

/// What the person granted the app at Facebook: everything that some area needs.
const PERMISSIONS: &[&str] = &[
    "ads_management",
    "ads_read",
    "business_management",
    "catalog_management",
    "email",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_contents",
    "instagram_manage_engagement",
    "instagram_manage_insights",
    "instagram_manage_messages",
    "instagram_shopping_tag_products",
    "leads_retrieval",
    "pages_manage_ads",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_manage_posts",
    "pages_messaging",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_show_list",
    "pages_utility_messaging",
    "public_profile",
    "read_insights",
    "whatsapp_business_management",
    "whatsapp_business_messaging",
];

/// What the account granted at Instagram Login.
const INSTAGRAM_PERMISSIONS: &[&str] = &[
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_insights",
    "instagram_business_manage_messages",
];

/// What the profile granted at Threads.
const THREADS_PERMISSIONS: &[&str] = &[
    "threads_basic",
    "threads_content_publish",
    "threads_delete",
    "threads_keyword_search",
    "threads_location_tagging",
    "threads_manage_insights",
    "threads_manage_mentions",
    "threads_manage_replies",
    "threads_profile_discovery",
    "threads_read_replies",
    "threads_share_to_instagram",
];

/// What every area of the tour works with.
pub(crate) struct Stage {
    /// Plays the platforms.
    pub(crate) sandbox: Sandbox,
    /// With the token of a person who agreed to everything.
    pub(crate) user: Client,
    /// With the token of the person's Page.
    pub(crate) page: Client,
    /// With the app's own token.
    pub(crate) app: Client,
    /// With a token of Instagram Login.
    pub(crate) instagram: Client,
    /// With a token of Threads.
    pub(crate) threads: Client,
    /// The person.
    pub(crate) user_id: UserId,
    /// The Page.
    pub(crate) page_id: PageId,
    /// The Instagram account: linked to the Page, and the one that logged in at Instagram.
    pub(crate) instagram_id: InstagramAccountId,
    /// The app at Facebook.
    pub(crate) app_id: AppId,
}

impl Stage {
    /// Starts a sandbox and logs everybody in.
    ///
    /// # Errors
    /// When the sandbox cannot start, a client cannot be built, or the Pages cannot be read.
    pub(crate) async fn log_in(report: Arc<Report>) -> Outcome<Self> {
        let sandbox = Sandbox::start(SandboxConfig::default()).await?;
        let (config, world) = (sandbox.config().clone(), sandbox.world().clone());
        let secrets = report.secrets();
        for secret in [&config.meta.secret, &config.instagram.secret, &config.threads.secret] {
            secrets.add(secret);
        }
        let endpoints = sandbox.endpoints();
        let wire: Arc<dyn Transport> = Arc::new(Wire::new(played(&endpoints), Arc::clone(&report))?);
        let observer: Arc<dyn Observer> = report.clone();
        let builder = |token: &str, secret: &str, base: &str| -> Result<ClientBuilder, Box<_>> {
            secrets.add(token);
            let builder = Client::builder().transport(Arc::clone(&wire)).observer(Arc::clone(&observer));
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
                builder.access_token(token).app_secret(secret).base_url(BaseUrl::parse(base)?),
            )
        };
        let user = builder(&sandbox.meta_user_token(PERMISSIONS), &config.meta.secret, &endpoints.graph)?
            .app_id(AppId::new(&config.meta.id)?)
            .video_url(BaseUrl::parse(&endpoints.graph_video)?)
            .upload_url(BaseUrl::parse(&endpoints.upload)?)
            .build()?;
        let instagram = sandbox.instagram_token(INSTAGRAM_PERMISSIONS);
        let instagram = builder(&instagram, &config.instagram.secret, &endpoints.instagram_api)?
            .host(GraphHost::Instagram)
            .upload_url(BaseUrl::parse(&endpoints.upload)?)
            .build()?;
        let threads = sandbox.threads_token(THREADS_PERMISSIONS);
        let threads = builder(&threads, &config.threads.secret, &endpoints.threads_api)?
            .host(GraphHost::Threads)
            .build()?;

        report.line("# the Pages and their tokens");
        let accounts: Vec<_> = user.items(ListAccounts::new()).try_collect().await?;
        let account = accounts.into_iter().find_map(|account| Some((account.id, account.access_token?)));
        let (page_id, token) = account.ok_or("the person has no Page with a token")?;
        let page = user.with_token(Arc::new(StaticToken::new(token)));
        let token = AccessToken::from(format!("{}|{}", config.meta.id, config.meta.secret));
        let app = user.with_token(Arc::new(StaticToken::new(token)));
        let account = world.instagram.first().ok_or("the world has no Instagram account")?;
        Ok(Self {
            user,
            page,
            app,
            instagram,
            threads,
            user_id: UserId::new(&world.user.id)?,
            page_id,
            instagram_id: InstagramAccountId::new(&account.user_id)?,
            app_id: AppId::new(&config.meta.id)?,
            sandbox,
        })
    }
}

/// The hosts of the platform, by the sandbox's addresses for them.
fn played(endpoints: &Endpoints) -> Vec<(String, &'static str)> {
    vec![
        (endpoints.graph.clone(), "graph.facebook.com"),
        (endpoints.graph_video.clone(), "graph-video.facebook.com"),
        (endpoints.upload.clone(), "rupload.facebook.com"),
        (endpoints.files.clone(), "lookaside.fbsbx.com"),
        (endpoints.instagram_api.clone(), "graph.instagram.com"),
        (endpoints.threads_api.clone(), "graph.threads.net"),
    ]
}
