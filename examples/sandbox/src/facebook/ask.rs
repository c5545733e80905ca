//! What an app asks the login dialog for.

use crate::{
    config::{ConfiguredToken, LoginConfiguration, SandboxConfig},
    pkce::Challenge,
    request::Form,
};

/// Permissions an app can ask for; any other makes the dialog refuse.
const PERMISSIONS: &[&str] = &[
    "public_profile",
    "email",
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_manage_ads",
    "pages_manage_cta",
    "pages_messaging",
    "pages_utility_messaging",
    "page_events",
    "read_insights",
    "publish_video",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_messages",
    "instagram_manage_contents",
    "ads_read",
    "ads_management",
    "business_management",
    "leads_retrieval",
    "catalog_management",
    "whatsapp_business_management",
    "whatsapp_business_messaging",
    "whatsapp_business_manage_events",
];

/// Whether there is such a permission.
pub(crate) fn is_permission(name: &str) -> bool {
    PERMISSIONS.contains(&name)
}

/// The permission every login grants and nobody can decline.
pub(super) const ALWAYS: &str = "public_profile";

/// Parameters the consent form carries from the first request to the decision.
pub(super) const CARRIED: [&str; 10] = [
    "client_id",
    "redirect_uri",
    "state",
    "response_type",
    "scope",
    "config_id",
    "override_default_response_type",
    "auth_type",
    "code_challenge",
    "code_challenge_method",
];

/// A request for consent that is in order.
pub(crate) struct Ask<'a> {
    /// `None` for a login by script.
    pub(super) redirect: Option<&'a str>,
    pub(super) state: &'a str,
    pub(super) scopes: Vec<&'a str>,
    pub(super) configuration: Option<&'a LoginConfiguration>,
    pub(super) auth_type: Option<&'a str>,
    pub(super) wants_granted_list: bool,
    pub(super) challenge: Option<Challenge>,
}

impl<'a> Ask<'a> {
    /// Reads the request of a redirecting login.
    ///
    /// # Errors
    ///
    /// The text of the page the person sees: a mistake never redirects.
    pub(super) fn read(config: &'a SandboxConfig, fields: &'a Form) -> Result<Self, String> {
        for name in CARRIED {
            if fields.all(name).count() > 1 {
                return Err(format!("The parameter {name} was sent twice."));
            }
        }
        let client = fields.filled("client_id").ok_or("The parameter client_id is required.")?;
        if client != config.meta.id {
            return Err("Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned());
        }
        let redirect = fields.filled("redirect_uri").ok_or("The parameter redirect_uri is required.")?;
        if !config.redirects.allows_exactly(redirect) {
            return Err(
                "URL Blocked: This redirect failed because the redirect URI is not white-listed in the \
                        app's client OAuth settings."
                    .to_owned(),
            );
        }
        let state = fields.filled("state").ok_or("The parameter state is required.")?;
        let wants_granted_list = wants_granted_list(fields.get("response_type").unwrap_or("code"))?;
        let configuration = match fields.filled("config_id") {
            Some(id) => Some(redirecting_configuration(config, fields, id)?),
            None => None,
        };
        let scopes = match configuration {
            Some(configuration) => configured_scopes(configuration),
            None => classic_scopes(fields)?,
        };
        Ok(Self {
            redirect: Some(redirect),
            state,
            scopes,
            configuration,
            auth_type: fields.filled("auth_type"),
            wants_granted_list,
            challenge: Challenge::read(fields)?,
        })
    }

    /// The request of a page's script (`FB.login`) for a configuration.
    ///
    /// # Errors
    ///
    /// When there is no such configuration.
    pub(crate) fn by_script(config: &'a SandboxConfig, configuration: &str) -> Result<Self, String> {
        let configuration = find(config, configuration)?;
        Ok(Self {
            redirect: None,
            state: "",
            scopes: configured_scopes(configuration),
            configuration: Some(configuration),
            auth_type: None,
            wants_granted_list: false,
            challenge: None,
        })
    }

    pub(crate) fn scopes(&self) -> &[&'a str] {
        &self.scopes
    }

    pub(crate) fn token(&self) -> ConfiguredToken {
        self.configuration.map_or(ConfiguredToken::User, |configuration| configuration.token)
    }
}

fn wants_granted_list(response_type: &str) -> Result<bool, String> {
    let mut wanted = false;
    for part in response_type.split([' ', ',']).filter(|part| !part.is_empty()) {
        match part {
            "code" => {}
            "granted_scopes" => wanted = true,
            "token" => return Err("The sandbox plays response_type=code, not token.".to_owned()),
            _ => return Err("Invalid response_type: ask for code.".to_owned()),
        }
    }
    Ok(wanted)
}

fn find<'a>(config: &'a SandboxConfig, id: &str) -> Result<&'a LoginConfiguration, String> {
    let found = config.meta.configurations.iter().find(|configuration| configuration.id == id);
    found.ok_or_else(|| {
        "Invalid config_id: the app has no such configuration of Facebook Login for Business.".to_owned()
    })
}

/// A configuration that can be used with a redirect.
fn redirecting_configuration<'a>(
    config: &'a SandboxConfig,
    fields: &Form,
    id: &str,
) -> Result<&'a LoginConfiguration, String> {
    let configuration = find(config, id)?;
    if configuration.token == ConfiguredToken::WhatsAppBusiness {
        return Err(
            "Embedded Signup starts from a page's script: POST /_sandbox/script-login plays that.".to_owned()
        );
    }
    let overridden = fields.get("override_default_response_type") == Some("true");
    if configuration.token.is_system_user() && !(overridden && fields.get("response_type").is_some()) {
        return Err(
            "A system user configuration needs response_type=code and override_default_response_type=true."
                .to_owned(),
        );
    }
    Ok(configuration)
}

/// A person's token has the permission of every login too; a system user's has what is configured.
fn configured_scopes(configuration: &LoginConfiguration) -> Vec<&str> {
    let always = (!configuration.token.is_system_user()).then_some(ALWAYS);
    let configured = configuration.permissions.iter().map(String::as_str);
    always.into_iter().chain(configured.filter(|scope| *scope != ALWAYS)).collect()
}

fn classic_scopes(fields: &Form) -> Result<Vec<&str>, String> {
    let mut scopes = vec![ALWAYS];
    for scope in fields.list("scope") {
        if !is_permission(scope) {
            return Err(format!("Invalid Scopes: {scope}. This message is only shown to developers."));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}
