//! Wrong passwords for logins that nobody has. They lock as an account does, or the lock would tell which logins exist.

use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The most logins remembered; of more, those tried longest ago are forgotten.
const MOST_LOGINS: usize = 10_000;

/// What was tried, by a digest of the login, so that an entry is small however long the login is.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<String, Tries>>);

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: i64,
    last: Timestamp,
    locked_until: Option<Timestamp>,
}

impl Guesses {
    /// Until when a login is locked, if it is.
    pub(crate) fn locked_until(&self, login: &str) -> Option<Timestamp> {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(login).and_then(|tries| tries.locked_until)
    }

    /// Counts a wrong password; `after` says, from the count so far, what the count is now and until when it locks.
    pub(crate) fn count(
        &self,
        login: String,
        at: Timestamp,
        after: impl FnOnce(i64) -> (i64, Option<Timestamp>),
    ) -> Option<Timestamp> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = tries.get(&login);
        if let Some(until) = before.and_then(|tries| tries.locked_until).filter(|until| *until > at) {
            return Some(until);
        }
        let (count, locked_until) = after(before.map_or(0, |tries| tries.count));
        tries.insert(login, Tries { count, last: at, locked_until });
        if tries.len() > MOST_LOGINS {
            let oldest = tries.iter().min_by_key(|(_, tries)| tries.last).map(|(login, _)| login.clone());
            oldest.and_then(|login| tries.remove(&login));
        }
        locked_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_is_forgotten() {
        let guesses = Guesses::default();
        let lock = |count| (count + 1, Some(Timestamp::MAX));
        for second in 0..=MOST_LOGINS {
            let at = Timestamp::UNIX_EPOCH + i64::try_from(second).expect("small").seconds();
            guesses.count(second.to_string(), at, lock);
        }
        assert_eq!(guesses.0.lock().expect("nobody panicked").len(), MOST_LOGINS);
        assert_eq!(guesses.locked_until("0"), None);
        assert_eq!(guesses.locked_until("1"), Some(Timestamp::MAX));
    }
}
