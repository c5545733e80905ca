//! One data key at a time: asking a provider, and checking what it says.

use sociogram_oauth_core::TenantId;
use subtle::ConstantTimeEq;

use crate::{
    DataKey, DataKeyId, KeyContext, KeyError, KeyProvider, UnwrapRequest, WrapRequest, WrappedDataKey,
    mac::mac, meter,
};

const COMMITMENT: &[u8] = b"sociogram data key 1";

pub(crate) async fn wrap_one(
    provider: &dyn KeyProvider,
    context: &KeyContext,
    key: &DataKey,
) -> Result<Vec<u8>, KeyError> {
    counted("wrap", only(provider.wrap_many(&[WrapRequest::new(context, key)]).await))
}

/// The row's data key, if it is the one the row commits to.
pub(crate) async fn unwrap_one(
    provider: &dyn KeyProvider,
    row: &WrappedDataKey,
) -> Result<DataKey, KeyError> {
    let context = row.context();
    let answers = provider.unwrap_many(&[UnwrapRequest::new(&context, &row.wrapped.bytes)]).await;
    check(row, counted("unwrap", only(answers))?)
}

/// A key service that gave another key, or a row that was moved, is noticed here.
pub(crate) fn check(row: &WrappedDataKey, key: DataKey) -> Result<DataKey, KeyError> {
    let expected = commitment(&key, row.tenant, row.id);
    if expected.ct_eq(&row.commitment).into() { Ok(key) } else { Err(KeyError::tampered()) }
}

pub(crate) fn commitment(key: &DataKey, tenant: TenantId, id: DataKeyId) -> [u8; 32] {
    mac(key.expose(), &[COMMITMENT, tenant.as_bytes(), &id.get().to_be_bytes()])
}

fn counted<T>(call: &'static str, answer: Result<T, KeyError>) -> Result<T, KeyError> {
    meter::key_provider_called(call, answer.is_ok());
    answer
}

fn only<T>(answers: Vec<Result<T, KeyError>>) -> Result<T, KeyError> {
    answers.into_iter().next().unwrap_or_else(|| Err(KeyError::unanswered()))
}
