//! What is asked of the writer about sessions and passwords by their users.

use super::Writer;
use super::command::{Command, PasswordChange};
use crate::model::{Error, Millis, UserId};
use crate::server::store::sessions::SessionKey;

/// Sessions of one command: a few milliseconds of the writer's time.
const NOTED_AT_ONCE: usize = 500;

impl Writer {
    /// Ends all sessions of a user but this one.
    pub async fn end_other_sessions(&self, user: UserId, kept: SessionKey) -> Result<(), Error> {
        self.ask(Command::EndOtherSessions(user, kept)).await.map(drop)
    }

    /// Notes that these sessions are in use now.
    pub async fn note_use(&self, keys: &[SessionKey]) -> Result<(), Error> {
        for chunk in keys.chunks(NOTED_AT_ONCE) {
            self.ask(Command::NoteUse(chunk.to_vec())).await?;
        }
        Ok(())
    }

    /// Notes when these users were last connected.
    pub async fn note_seen(&self, mut seen: Vec<(UserId, Millis)>) -> Result<(), Error> {
        // In their order, so that two nodes never wait for each other.
        seen.sort_unstable();
        for chunk in seen.chunks(NOTED_AT_ONCE) {
            self.ask(Command::NoteSeen(chunk.to_vec())).await?;
        }
        Ok(())
    }

    /// Changes a user's password and ends their other sessions.
    ///
    /// # Errors
    /// `SignInRequired` when the session that asks has ended meanwhile, `Invalid` when the password was changed
    /// meanwhile; nothing has happened then.
    pub async fn change_password(&self, change: PasswordChange) -> Result<(), Error> {
        self.ask(Command::ChangePassword(Box::new(change))).await.map(drop)
    }
}
