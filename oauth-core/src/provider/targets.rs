//! All endpoints that a server calls, checked once.

use super::{
    Provider,
    endpoint::{Endpoint, Target},
    setup,
    swap::{Swap, SwapShape},
};
use crate::OAuthError;

/// Where a client's requests go.
#[derive(Clone, Debug)]
pub(crate) struct Targets {
    pub(crate) token: Target,
    pub(crate) introspection: Option<Target>,
    pub(crate) revocation: Option<Target>,
    pub(crate) userinfo: Option<Target>,
    pub(crate) long_lived: Option<SwapTarget>,
    pub(crate) renew: Option<SwapTarget>,
}

/// A [`Swap`] that requests can be written to.
#[derive(Clone, Debug)]
pub(crate) struct SwapTarget {
    pub(crate) target: Target,
    pub(crate) grant: &'static str,
    pub(crate) field: &'static str,
    pub(crate) shape: SwapShape,
}

impl Targets {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Target> {
        let swaps = self.long_lived.iter().chain(&self.renew).map(|swap| &swap.target);
        let others = self.introspection.iter().chain(&self.revocation).chain(&self.userinfo);
        [&self.token].into_iter().chain(others).chain(swaps)
    }
}

impl Provider {
    /// Every endpoint, ready for requests.
    pub(crate) fn targets(&self) -> Result<Targets, OAuthError> {
        let some = |endpoint: &Option<Endpoint>| endpoint.as_ref().map(|it| self.target(it)).transpose();
        let swap = |swap: &Option<Swap>| swap.as_ref().map(|it| self.swap_target(it)).transpose();
        Ok(Targets {
            token: self.target(&self.token)?,
            introspection: some(&self.introspection)?,
            revocation: some(&self.revocation)?,
            userinfo: some(&self.userinfo)?,
            long_lived: swap(&self.long_lived)?,
            renew: swap(&self.renew)?,
        })
    }

    fn swap_target(&self, swap: &Swap) -> Result<SwapTarget, OAuthError> {
        let target = self.target(&swap.endpoint)?;
        Ok(SwapTarget { target, grant: swap.grant, field: swap.field, shape: swap.shape })
    }

    pub(super) fn target(&self, endpoint: &Endpoint) -> Result<Target, OAuthError> {
        if self.version.as_deref().is_some_and(|version| !is_version(version)) {
            return Err(setup("the API version is not one; pass one such as v26.0"));
        }
        let target = endpoint.target(self.version.as_deref());
        target.map_err(|error| setup("an endpoint of the provider is not usable").with_source(error))
    }
}

fn is_version(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() < 5 && text.bytes().all(|c| c.is_ascii_digit());
    let numbers = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    numbers.is_some_and(|(major, minor)| digits(major) && digits(minor))
}
