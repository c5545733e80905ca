//! What is written down about a due connection when everything else is done: notices, and the next look.

use std::time::Duration;

use sociogram_api_core::Timestamp;

use super::look::Look;
use crate::{
    Amendment, AuditActor, Ending, EventKind, NextLook, Notes, Notified, StoredToken, VaultError, meter,
    notices::Notice,
    schedule::{Life, Todo},
};

/// When to look again at what cannot be done, and nobody says when it can.
const LATER: Duration = Duration::from_secs(3600);
/// When to try again what failed, where a notice took the place of the time of the next try.
const RETRY: Duration = Duration::from_secs(15 * 60);
/// Notices this many days ahead wait until the provider has said again when the end is; closer ones do not.
const CAN_WAIT: u32 = 14;

/// What is to be written.
struct Conclusion {
    notices: Vec<Notice>,
    notified: Notified,
    next_look: NextLook,
}

impl Look {
    /// Gives the notices that are due and sets the time of the next look, in one write if there is anything to
    /// write.
    pub(super) async fn conclude(&mut self, stored: &StoredToken) -> Result<(), VaultError> {
        let vault = &self.shared.vault;
        let now = vault.timer.now();
        if self.conclusion(stored, now).is_none() {
            return Ok(());
        }
        let written = vault
            .amend(self.key, |stored| {
                Ok(self.conclusion(stored, now).map(|Conclusion { notices, notified, next_look }| {
                    let told = |Notice { stage, end }| EventKind::Expiring { stage, end };
                    let notes =
                        notices.into_iter().map(told).fold(Notes::by(AuditActor::Service), Notes::event);
                    Amendment::of(stored, notes).with_notified(notified).with_next_look(next_look)
                }))
            })
            .await?;
        let given = written.and_then(|before| self.conclusion(&before, now));
        for notice in given.into_iter().flat_map(|given| given.notices) {
            meter::expiring(notice.stage.as_str());
            self.report.notices += 1;
        }
        Ok(())
    }

    fn conclusion(&self, stored: &StoredToken, now: Timestamp) -> Option<Conclusion> {
        let life = self.life(stored);
        let mut todo = life.todo(stored.notified, now);
        if todo.check {
            todo.notices.retain(|Notice { stage, .. }| {
                stage.ending() != Ending::DataAccess || stage.days() < CAN_WAIT
            });
        }
        let notified = todo.notices.iter().fold(stored.notified, |given, notice| given.with(notice.stage));
        let next_look = self.next_look(stored, &life, &todo, notified, now);
        let notices = todo.notices;
        let is_empty = notices.is_empty() && next_look == NextLook::Unchanged;
        (!is_empty).then_some(Conclusion { notices, notified, next_look })
    }

    fn next_look(
        &self,
        stored: &StoredToken,
        life: &Life,
        todo: &Todo,
        notified: Notified,
        now: Timestamp,
    ) -> NextLook {
        let is_hidden = stored.due_at == self.hidden_until;
        let has_app = self.shared.vault.apps.of(&stored.account).is_some();
        let nobody_to_ask = (todo.renew && !self.may_renew(stored)) || (todo.check && !has_app);
        // Such as a refresh token that has ended before its access token.
        let nothing_came = todo.renew && self.renewal_ended && is_hidden;
        let wanted = if nobody_to_ask || nothing_came {
            let later = now.saturating_add(LATER);
            Some(life.due_with(Some(later), notified, now).filter(|at| *at > now).unwrap_or(later))
        } else if todo.renew || todo.check {
            // The attempt has said when to come again. Or nothing could be stored; then the row comes back when it
            // is hidden no longer.
            let is_past = stored.due_at.is_some_and(|at| at <= now);
            return if is_past { NextLook::At(now.saturating_add(RETRY)) } else { NextLook::Unchanged };
        } else {
            life.due_at(notified, now)
        };
        match (wanted, stored.due_at) {
            (None, None) => NextLook::Unchanged,
            (None, Some(_)) => NextLook::Never,
            (Some(wanted), Some(due)) if wanted == due || (!is_hidden && due < wanted) => NextLook::Unchanged,
            (Some(wanted), _) => NextLook::At(wanted),
        }
    }
}
