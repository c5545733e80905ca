//! The two logins of Instagram: which API has which call, and what a permission is called there.

use sociogram_api_core::http::Operation;
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use crate::host::GraphHost;

/// Marks an operation with a parameter that one API only knows, as an extension of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnlyAt {
    /// The API that knows it.
    pub(crate) host: GraphHost,
    /// The parameter.
    pub(crate) field: &'static str,
}

const FACEBOOK: &[GraphHost] = &[GraphHost::Facebook];
const INSTAGRAM: &[GraphHost] = &[GraphHost::Instagram];
const THREADS: &[GraphHost] = &[GraphHost::Threads];
const BOTH: &[GraphHost] = &[GraphHost::Facebook, GraphHost::Instagram];

/// Which APIs have the operations whose names begin like this; the longest beginning wins.
const APIS: &[(&str, &[GraphHost])] = &[
    ("instagram.", BOTH),
    ("instagram.audio.", FACEBOOK),
    ("instagram.business_discovery.", FACEBOOK),
    ("instagram.collaboration_invites.", FACEBOOK),
    ("instagram.collaborators.", FACEBOOK),
    ("instagram.hashtags.", FACEBOOK),
    ("instagram.likes.", FACEBOOK),
    ("instagram.media.delete", FACEBOOK),
    ("instagram.product_tags.", FACEBOOK),
    ("instagram.subscribed_apps.", INSTAGRAM),
    ("instagram.user.", INSTAGRAM),
    ("threads.", THREADS),
];

/// Both names of a permission, that of Facebook Login first.
const SCOPES: &[(&str, &str)] = &[
    (scope::INSTAGRAM_BASIC, scope::INSTAGRAM_BUSINESS_BASIC),
    (scope::INSTAGRAM_CONTENT_PUBLISH, scope::INSTAGRAM_BUSINESS_CONTENT_PUBLISH),
    (scope::INSTAGRAM_MANAGE_COMMENTS, scope::INSTAGRAM_BUSINESS_MANAGE_COMMENTS),
    (scope::INSTAGRAM_MANAGE_INSIGHTS, scope::INSTAGRAM_BUSINESS_MANAGE_INSIGHTS),
    (scope::INSTAGRAM_MANAGE_MESSAGES, scope::INSTAGRAM_BUSINESS_MANAGE_MESSAGES),
];

/// What a permission of Facebook Login is called under Instagram Login; `None` for one that Instagram Login
/// neither has nor needs (Instagram Platform: Overview).
///
/// ```
/// use sociogram_meta_graph::instagram::instagram_login_scope;
///
/// let renamed = instagram_login_scope("instagram_content_publish");
/// assert_eq!(renamed, Some("instagram_business_content_publish"));
/// assert_eq!(instagram_login_scope("pages_show_list"), None);
/// ```
pub fn instagram_login_scope(facebook_login: &str) -> Option<&'static str> {
    SCOPES.iter().find(|(facebook, _)| *facebook == facebook_login).map(|(_, instagram)| *instagram)
}

/// Refuses what the client's API does not have, and names the permissions as the client's login does.
pub(crate) fn prepare(operation: &mut Operation, host: GraphHost) -> Result<(), InvalidRequest> {
    if let Some(finding) = elsewhere(operation, host) {
        return Err(finding.into());
    }
    if host == GraphHost::Instagram {
        let scopes = under_instagram_login(operation.required_scopes());
        *operation = operation.clone().scopes(scopes);
    }
    Ok(())
}

fn elsewhere(operation: &Operation, host: GraphHost) -> Option<Finding> {
    let matching = APIS.iter().filter(|(beginning, _)| operation.name().starts_with(beginning));
    let hosts = matching.max_by_key(|(beginning, _)| beginning.len()).map(|(_, hosts)| *hosts);
    let advice = |hosts: &[GraphHost]| {
        let names: Vec<&str> = hosts.iter().map(|host| host.base_url()).collect();
        format!("use a client of {} with a token of its login", names.join(" or "))
    };
    if let Some(hosts) = hosts.filter(|hosts| !hosts.contains(&host)) {
        return Some(
            Finding::error("client.host", "host", "the API of this client does not have this call")
                .measured(host.base_url())
                .advice(advice(hosts)),
        );
    }
    let only = operation.get::<OnlyAt>().filter(|only| only.host != host)?;
    let message = "the API of this client does not know this parameter";
    Some(
        Finding::error("client.host", only.field, message)
            .measured(host.base_url())
            .advice(advice(&[only.host])),
    )
}

/// The permissions under Instagram Login. Each needs `instagram_business_basic`; the others are told apart by bits.
fn under_instagram_login(scopes: &'static [&'static str]) -> &'static [&'static str] {
    const B: &str = scope::INSTAGRAM_BUSINESS_BASIC;
    const P: &str = scope::INSTAGRAM_BUSINESS_CONTENT_PUBLISH;
    const C: &str = scope::INSTAGRAM_BUSINESS_MANAGE_COMMENTS;
    const I: &str = scope::INSTAGRAM_BUSINESS_MANAGE_INSIGHTS;
    const M: &str = scope::INSTAGRAM_BUSINESS_MANAGE_MESSAGES;
    const ALL: [&[&str]; 16] = [
        &[B],
        &[B, P],
        &[B, C],
        &[B, P, C],
        &[B, I],
        &[B, P, I],
        &[B, C, I],
        &[B, P, C, I],
        &[B, M],
        &[B, P, M],
        &[B, C, M],
        &[B, P, C, M],
        &[B, I, M],
        &[B, P, I, M],
        &[B, C, I, M],
        &[B, P, C, I, M],
    ];
    let renamed = scopes.iter().filter_map(|scope| instagram_login_scope(scope));
    let bits = renamed.fold(None, |bits: Option<usize>, name| {
        let bit = [P, C, I, M].iter().position(|other| *other == name).map_or(0, |place| 1 << place);
        Some(bits.unwrap_or(0) | bit)
    });
    bits.and_then(|bits| ALL.get(bits)).copied().unwrap_or(scopes)
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::ErrorKind;
    use sociogram_api_core::http::Replay;
    use sociogram_api_core::testing::ScriptedTransport;

    use super::*;
    use crate::id::{InstagramAccountId, MediaId};
    use crate::instagram::{DeleteMedia, ListMedia, ListSubscribedApps, PublishContainer};
    use crate::scripted::error_body;
    use crate::threads::GetThreadsUser;
    use crate::{Client, ErrorClass};

    fn client(host: GraphHost, transport: &ScriptedTransport) -> Client {
        let builder = Client::builder().host(host).transport(std::sync::Arc::new(transport.clone()));
        builder.access_token("TOKEN").build().unwrap()
    }

    #[tokio::test]
    async fn a_call_of_the_other_api_is_not_sent() {
        let transport = ScriptedTransport::new();
        let error = client(GraphHost::Instagram, &transport).send(DeleteMedia::new(MediaId::from(7))).await;
        let error = error.unwrap_err();
        assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "client.host"));
        assert!(error.to_string().contains("https://graph.facebook.com"), "{error}");
        let account = InstagramAccountId::from(17);
        for host in [GraphHost::Facebook, GraphHost::Threads] {
            let error =
                client(host, &transport).send(ListSubscribedApps::new(account.clone())).await.unwrap_err();
            assert_eq!(error.findings()[0].rule(), "client.host");
            assert!(error.to_string().contains("https://graph.instagram.com"), "{error}");
        }
        let error = client(GraphHost::Threads, &transport).send(ListMedia::new(account)).await.unwrap_err();
        assert_eq!(error.findings()[0].rule(), "client.host");
        let error = client(GraphHost::Facebook, &transport).send(GetThreadsUser::new()).await.unwrap_err();
        assert_eq!(error.findings()[0].rule(), "client.host");
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn a_missing_permission_is_named_as_the_clients_login_names_it() {
        for (host, expected) in [
            (GraphHost::Facebook, "instagram_content_publish"),
            (GraphHost::Instagram, "instagram_business_content_publish"),
        ] {
            let transport = ScriptedTransport::new().respond(400, &[], error_body(10, 0));
            let publish = PublishContainer::new(InstagramAccountId::from(17), crate::ContainerId::from(3));
            let error = client(host, &transport).send(publish).await.unwrap_err();
            assert_eq!(error.class(), Some(ErrorClass::PermissionMissing));
            assert!(error.missing_scopes().contains(&expected), "{:?}", error.missing_scopes());
            let family = error.missing_scopes().iter().all(|scope| scope.starts_with("instagram_business_"));
            assert_eq!(family, host == GraphHost::Instagram);
        }
    }

    #[test]
    fn every_combination_of_permissions_keeps_its_parts() {
        let facebook: Vec<&'static str> = SCOPES.iter().map(|(facebook, _)| *facebook).collect();
        for bits in 0..32_usize {
            let wanted: Vec<&'static str> = facebook
                .iter()
                .enumerate()
                .filter(|(place, _)| bits >> place & 1 == 1)
                .map(|(_, s)| *s)
                .collect();
            let expected: Vec<&str> =
                wanted.iter().filter_map(|scope| instagram_login_scope(scope)).collect();
            let renamed = under_instagram_login(Vec::leak(wanted));
            assert!(expected.iter().all(|scope| renamed.contains(scope)), "{expected:?} {renamed:?}");
            assert!(renamed.len() <= expected.len() + 1);
        }
        let foreign: &[&str] = &[scope::INSTAGRAM_BUSINESS_BASIC];
        assert_eq!(under_instagram_login(foreign), foreign);
        assert_eq!(under_instagram_login(&[]), [""; 0]);
    }

    #[test]
    fn other_products_go_anywhere() {
        let mut operation = Operation::new("user.read", "meta", Replay::Safe);
        for host in [GraphHost::Facebook, GraphHost::Instagram, GraphHost::Threads] {
            assert_eq!(prepare(&mut operation, host), Ok(()));
        }
    }
}
