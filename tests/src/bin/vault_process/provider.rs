//! The provider, which runs in the process of the test: one line of JSON asks, two lines answer.

use std::{
    io,
    net::SocketAddr,
    process::exit,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};
use sociogram_api_core::Timestamp;
use sociogram_oauth_core::{
    Expiry, ReauthReason, Refresh, RefreshError, RefreshErrorKind, RefreshToken, Rotation, TokenCheck,
    TokenKind, TokenSet,
};
use sociogram_tests::DIED_AS_TOLD;
use sociogram_token_vault::async_trait;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::settings::KillPoint;

#[derive(Debug)]
pub(crate) struct FarProvider {
    address: SocketAddr,
    rotation: Rotation,
    die_at: Option<KillPoint>,
    has_panicked: AtomicBool,
}

impl FarProvider {
    pub(crate) const fn new(address: SocketAddr, rotation: Rotation, die_at: Option<KillPoint>) -> Self {
        Self { address, rotation, die_at, has_panicked: AtomicBool::new(false) }
    }

    async fn ask(&self, mut stream: TcpStream, request: &Value) -> io::Result<Value> {
        stream.write_all(format!("{request}\n").as_bytes()).await?;
        let mut lines = BufReader::new(stream).lines();
        // By this line the provider has written into its books what it is asked.
        let heard = lines.next_line().await?;
        if heard.is_some() && self.die_at == Some(KillPoint::AfterSent) {
            exit(DIED_AS_TOLD);
        }
        let answer = lines.next_line().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let panics =
            self.die_at == Some(KillPoint::Panic) && !self.has_panicked.swap(true, Ordering::Relaxed);
        assert!(!panics, "as it was told");
        Ok(serde_json::from_str(&answer)?)
    }
}

fn tokens(answer: &Value) -> Option<TokenSet> {
    let access = answer.get("access")?.as_str()?;
    let refresh = answer.get("refresh")?.as_str()?;
    let ends = Timestamp::from_unix_millis(answer.get("ends_at_ms")?.as_i64()?);
    let issued = Timestamp::from_unix_millis(answer.get("issued_at_ms")?.as_i64()?);
    let tokens =
        TokenSet::new(access.into(), TokenKind::Generic).with_refresh(refresh.into(), Expiry::Unknown);
    Some(tokens.with_expiry(Expiry::At(ends)).with_issued_at(issued))
}

#[async_trait]
impl Refresh for FarProvider {
    fn rotation(&self) -> Rotation {
        self.rotation
    }

    async fn refresh(&self, current: &TokenSet) -> Result<TokenSet, RefreshError> {
        let not_sent =
            |error| RefreshError::new(RefreshErrorKind::NotSent, "no connection").with_source(error);
        let stream = TcpStream::connect(self.address).await.map_err(not_sent)?;
        let request = json!({
            "access": current.access().expose(),
            "refresh": current.refresh().map(RefreshToken::expose),
        });
        let in_doubt = |error| RefreshError::new(RefreshErrorKind::InDoubt, "no answer").with_source(error);
        let answer = self.ask(stream, &request).await.map_err(in_doubt)?;
        tokens(&answer).ok_or_else(|| RefreshError::revoked(ReauthReason::GrantRevoked, "the grant is gone"))
    }

    async fn derive(&self, _parent: &TokenSet, _account: &str) -> Result<TokenSet, RefreshError> {
        Err(RefreshError::new(RefreshErrorKind::NotOffered, "nothing is derived here"))
    }

    async fn check(&self, _current: &TokenSet) -> Result<TokenCheck, RefreshError> {
        Ok(TokenCheck::NotOffered)
    }

    async fn revoke(&self, _tokens: &TokenSet) -> Result<bool, RefreshError> {
        Ok(false)
    }
}
