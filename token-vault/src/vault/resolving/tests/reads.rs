//! Reads that are written down.

use std::num::NonZeroU32;

use super::*;
use crate::{AuditLog as _, AuditQuery, ReadAudit, testing::Fault};

async fn recorded(world: &World) -> Vec<(Option<ConnectionId>, Option<Generation>)> {
    let query = AuditQuery { actions: vec![AuditAction::TokenRead], ..AuditQuery::latest(1000) };
    let page = world.memory.query(TENANT, query).await.unwrap();
    assert!(page.records.iter().all(|record| record.actor == AuditActor::Service));
    page.records.into_iter().map(|record| (record.connection, record.generation)).collect()
}

#[tokio::test(start_paused = true)]
async fn reads_are_recorded_as_often_as_was_chosen() {
    let third = ReadAudit::Every(NonZeroU32::new(3).unwrap());
    for (audit, expected) in [(ReadAudit::Off, 0), (third, 4), (ReadAudit::All, 10)] {
        let world = World::new(Rotation::None);
        let id = world.log_in(TokenKind::Generic, "u").await;
        let process = world.process_with(world.clock, |builder| builder.audit_reads(audit));
        for _ in 0..10 {
            process.get(id).await.unwrap();
        }
        let recorded = recorded(&world).await;
        assert_eq!(recorded, vec![(Some(id), Some(Generation::new(1))); expected], "{audit:?}");
        let reads = process.calls().into_iter().filter(|call| *call == "read").count();
        assert_eq!(reads, 1, "the token comes from memory all the same");
    }
}

#[tokio::test(start_paused = true)]
async fn every_tenant_chooses_for_itself() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    for (of, expected) in [(TENANT, 1), (TenantId::from_bytes([2; 16]), 0)] {
        let process = world.process_with(world.clock, |builder| {
            builder.audit_reads_by_tenant(
                move |tenant| {
                    if tenant == of { ReadAudit::All } else { ReadAudit::Off }
                },
            )
        });
        let before = recorded(&world).await.len();
        process.get(id).await.unwrap();
        assert_eq!(recorded(&world).await.len() - before, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_unrecorded_where_everything_is_to_be_recorded() {
    let sampled = ReadAudit::Every(NonZeroU32::MIN);
    for (audit, handed_out) in [(ReadAudit::All, false), (sampled, true)] {
        let world = World::new(Rotation::None);
        let id = world.log_in(TokenKind::Generic, "u").await;
        let process = world.process_with(world.clock, |builder| builder.audit_reads(audit));
        process.get(id).await.unwrap();
        process.store.fail("append", Fault::NothingDone, 1);
        let answer = process.get(id).await;
        assert_eq!(answer.is_ok(), handed_out, "{audit:?}");
        if let Err(error) = answer {
            assert_eq!(error.kind(), ErrorKind::Unavailable);
        }
        // From memory while the store is away.
        process.store.set_down(true);
        world.pass(20 * SECOND).await;
        assert_eq!(process.get(id).await.is_ok(), handed_out, "{audit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_no_read() {
    let world = World::new(Rotation::None);
    let id = world.log_in(TokenKind::Generic, "u").await;
    let process = world.process_with(world.clock, |builder| builder.audit_reads(ReadAudit::All));
    process.vault.disconnect(TENANT, id).await.unwrap();
    process.get(id).await.unwrap_err();
    process.get(ConnectionId::from_bytes([9; 16])).await.unwrap_err();
    assert_eq!(recorded(&world).await, []);
}
