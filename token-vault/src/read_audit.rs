//! Which reads of tokens are written down.

use std::{
    fmt,
    hash::BuildHasher as _,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use foldhash::fast::RandomState;
use sociogram_oauth_core::TenantId;

/// Tenants share these; two that share one only share a count.
const COUNTS: usize = 64;

/// Which reads of tokens are written into the audit ([`AuditAction::TokenRead`](crate::AuditAction::TokenRead)).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReadAudit {
    /// None.
    #[default]
    Off,
    /// The first one and every so-and-so-many-th after it, counted by every process for itself. An entry that cannot
    /// be written is missing.
    Every(NonZeroU32),
    /// All. A token whose reading cannot be written down is not handed out; every read costs a write.
    All,
}

/// Whether a read is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    No,
    /// If the audit can be written.
    Sampled,
    /// Or it does not take place.
    Always,
}

/// What was chosen for which tenant.
#[derive(Clone, Default)]
pub(crate) struct ReadAudits {
    choice: Choice,
    counts: Option<Arc<Counts>>,
}

#[derive(Clone, Default)]
enum Choice {
    #[default]
    Off,
    Same(ReadAudit),
    ByTenant(Arc<dyn Fn(TenantId) -> ReadAudit + Send + Sync>),
}

struct Counts {
    hasher: RandomState,
    counts: [AtomicU32; COUNTS],
}

impl ReadAudits {
    pub(crate) fn same(audit: ReadAudit) -> Self {
        match audit {
            ReadAudit::Off => Self::default(),
            other => Self::counting(Choice::Same(other)),
        }
    }

    pub(crate) fn by_tenant(of: impl Fn(TenantId) -> ReadAudit + Send + Sync + 'static) -> Self {
        Self::counting(Choice::ByTenant(Arc::new(of)))
    }

    fn counting(choice: Choice) -> Self {
        let counts = [const { AtomicU32::new(0) }; COUNTS];
        Self { choice, counts: Some(Arc::new(Counts { hasher: RandomState::default(), counts })) }
    }

    /// To be asked once for every read.
    #[inline]
    pub(crate) fn next(&self, tenant: TenantId) -> Recorded {
        let audit = match &self.choice {
            Choice::Off => return Recorded::No,
            Choice::Same(audit) => *audit,
            Choice::ByTenant(of) => of(tenant),
        };
        match audit {
            ReadAudit::All => Recorded::Always,
            ReadAudit::Every(n) if self.count(tenant) % n == 0 => Recorded::Sampled,
            ReadAudit::Every(_) | ReadAudit::Off => Recorded::No,
        }
    }

    fn count(&self, tenant: TenantId) -> u32 {
        let Some(counts) = &self.counts else { return 0 };
        let place = usize::try_from(counts.hasher.hash_one(tenant) % COUNTS as u64).unwrap_or(0);
        counts.counts.get(place).map_or(0, |count| count.fetch_add(1, Ordering::Relaxed))
    }
}

impl fmt::Debug for ReadAudits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.choice {
            Choice::Off => fmt::Debug::fmt(&ReadAudit::Off, f),
            Choice::Same(audit) => fmt::Debug::fmt(audit, f),
            Choice::ByTenant(_) => f.write_str("by tenant"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId::from_bytes([1; 16]);

    fn next(audits: &ReadAudits, times: usize) -> Vec<Recorded> {
        (0..times).map(|_| audits.next(TENANT)).collect()
    }

    #[test]
    fn reads_are_recorded_never_now_and_then_or_always() {
        use Recorded::{Always, No, Sampled};
        let third = ReadAudit::Every(NonZeroU32::new(3).unwrap());
        for (audit, expected) in [
            (ReadAudit::Off, [No; 7]),
            (third, [Sampled, No, No, Sampled, No, No, Sampled]),
            (ReadAudit::Every(NonZeroU32::MIN), [Sampled; 7]),
            (ReadAudit::All, [Always; 7]),
        ] {
            assert_eq!(next(&ReadAudits::same(audit), 7), expected, "{audit:?}");
            assert_eq!(next(&ReadAudits::by_tenant(move |_| audit), 7), expected, "{audit:?}");
        }
    }

    #[test]
    fn every_tenant_has_its_own_rule() {
        let audits = ReadAudits::by_tenant(|tenant| match tenant {
            TENANT => ReadAudit::All,
            _ => ReadAudit::Off,
        });
        assert_eq!(audits.next(TENANT), Recorded::Always);
        assert_eq!(audits.next(TenantId::from_bytes([2; 16])), Recorded::No);
    }
}
