//! The apps registered at the platforms.

use std::fmt;

/// An app registered at Meta.
#[derive(Clone)]
pub struct MetaApp {
    /// App id.
    pub id: String,
    /// App secret: signs webhooks and proofs.
    pub secret: String,
    /// Token of the webhook verification handshake.
    pub verify_token: String,
    /// Name shown on the consent page.
    pub name: String,
    /// Configurations of Facebook Login for Business. Without any, the app has classic Facebook Login only and
    /// `config_id` is refused. Default: one of each [`ConfiguredToken`].
    pub configurations: Vec<LoginConfiguration>,
}

/// A configuration of Facebook Login for Business: what `config_id` names instead of `scope`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginConfiguration {
    /// The `config_id`.
    pub id: String,
    /// Permissions it asks for. The person grants all of them or none.
    pub permissions: Vec<String>,
    /// Whose token the code is exchanged for.
    pub token: ConfiguredToken,
    /// Whether a system user's token ends after 60 days; otherwise it does not end.
    pub sixty_days: bool,
}

/// Whose token a configuration gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfiguredToken {
    /// The person's.
    User,
    /// That of the system user of the person's business.
    SystemUser,
    /// That of the system user too, through WhatsApp Embedded Signup: only a page's script can log in, and the code
    /// lives 30 seconds.
    WhatsAppBusiness,
}

/// The Instagram side of an app: Instagram Login.
#[derive(Clone)]
pub struct InstagramApp {
    /// Instagram app id; not the id of the Meta app.
    pub id: String,
    /// Instagram app secret.
    pub secret: String,
    /// Name shown on the consent page.
    pub name: String,
    /// Answers a code with flat fields, a number as id and a list of permissions, as is seen in practice. Default
    /// `false`: the documented `{"data":[…]}`.
    pub flat_answers: bool,
}

/// The Threads side of an app.
#[derive(Clone)]
pub struct ThreadsApp {
    /// Threads app id.
    pub id: String,
    /// Threads app secret.
    pub secret: String,
    /// Name shown on the consent page.
    pub name: String,
}

/// An app registered at LinkedIn.
#[derive(Clone)]
pub struct LinkedInApp {
    /// Client id.
    pub id: String,
    /// Client secret: signs webhooks and challenges.
    pub secret: String,
    /// Name shown on the consent page.
    pub name: String,
    /// Whether the app may refresh tokens (approved partners only on the real platform). Default `true`.
    pub refresh_tokens: bool,
    /// Whether LinkedIn enabled the native PKCE flow for the app. Default `true`.
    pub native_pkce: bool,
    /// Whether the app may have tokens of its own with `client_credentials`. Default `false`.
    pub client_credentials: bool,
}

impl ConfiguredToken {
    /// Whether it is a system user's.
    pub(crate) fn is_system_user(self) -> bool {
        self != Self::User
    }
}

impl Default for MetaApp {
    fn default() -> Self {
        let configuration = |id: &str, permissions: &[&str], token, sixty_days| LoginConfiguration {
            id: id.to_owned(),
            permissions: permissions.iter().map(|permission| (*permission).to_owned()).collect(),
            token,
            sixty_days,
        };
        let pages = ["pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management"];
        let whatsapp = ["whatsapp_business_management", "whatsapp_business_messaging"];
        Self {
            id: "900100200300400".to_owned(),
            secret: "sandbox-meta-app-secret".to_owned(),
            verify_token: "sandbox-verify-token".to_owned(),
            name: "Sandbox Social".to_owned(),
            configurations: vec![
                configuration("700100200300401", &pages, ConfiguredToken::User, false),
                configuration("700100200300402", &pages, ConfiguredToken::SystemUser, false),
                configuration("700100200300403", &whatsapp, ConfiguredToken::WhatsAppBusiness, true),
            ],
        }
    }
}

impl Default for InstagramApp {
    fn default() -> Self {
        Self {
            id: "900100200300501".to_owned(),
            secret: "sandbox-instagram-app-secret".to_owned(),
            name: "Sandbox Social".to_owned(),
            flat_answers: false,
        }
    }
}

impl Default for ThreadsApp {
    fn default() -> Self {
        Self {
            id: "900100200300601".to_owned(),
            secret: "sandbox-threads-app-secret".to_owned(),
            name: "Sandbox Social".to_owned(),
        }
    }
}

impl Default for LinkedInApp {
    fn default() -> Self {
        Self {
            id: "86sandboxclient".to_owned(),
            secret: "sandbox-linkedin-client-secret".to_owned(),
            name: "Sandbox Social".to_owned(),
            refresh_tokens: true,
            native_pkce: true,
            client_credentials: false,
        }
    }
}

impl fmt::Debug for MetaApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetaApp")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("configurations", &self.configurations)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for InstagramApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstagramApp")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("flat_answers", &self.flat_answers)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ThreadsApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadsApp").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for LinkedInApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkedInApp")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("refresh_tokens", &self.refresh_tokens)
            .field("native_pkce", &self.native_pkce)
            .field("client_credentials", &self.client_credentials)
            .finish_non_exhaustive()
    }
}
