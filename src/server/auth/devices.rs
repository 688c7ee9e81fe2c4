//! A user's devices: listing and revoking their sessions.

use super::sessions::client;
use super::{Request, request};
use crate::model::device::{DEVICES_MAX, name_of_agent};
use crate::model::{Device, DeviceId, Devices, Error, UserId};
use crate::server::error;
use crate::server::store::sessions::{self, SessionKey, SessionRow};
use crate::wire::close;
use sha2::{Digest, Sha256};

/// The identifier of a session on pages: one more hash of its key, so that a page's content does not reveal keys of the
/// sessions table, nor the table identifiers. It is unique among the sessions of one user; 53 bits are enough for that.
fn device_id(key: &SessionKey) -> DeviceId {
    let digest = Sha256::new().chain_update(b"device").chain_update(key).finalize();
    let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    DeviceId(i64::try_from(number >> 11).unwrap_or_default())
}

/// The devices of the current request's user.
pub async fn devices() -> Result<Devices, Error> {
    let request = request()?;
    let (user, this) = request.caller().await?;
    let now = request.core.clock.now();
    let live = request.core.hub.sessions_of(user);
    let rows = request.sessions(user).await?;
    let mut devices: Vec<Device> = rows
        .into_iter()
        .map(|row| {
            let client = client(&row.data);
            let in_use = live.contains(&row.key) || request.core.session_activity.contains(&row.key);
            Device {
                id: device_id(&row.key),
                name: name_of_agent(client.as_ref().map_or("", |client| &client.agent)),
                address: client.map(|client| client.address).unwrap_or_default(),
                used_at: if in_use { now } else { row.used_at },
                is_current: row.key == this,
            }
        })
        .collect();
    devices.sort_by_key(|device| (std::cmp::Reverse(device.used_at), !device.is_current));
    Ok(Devices { devices, now })
}

/// Ends one of the user's sessions: when this returns, its live connections are closed.
///
/// # Errors
/// `NotFound` when there is no such session of this user.
pub async fn sign_out_device(id: DeviceId) -> Result<(), Error> {
    let request = request()?;
    let (user, _) = request.caller_ending_sessions()?;
    let rows = request.sessions(user).await?;
    let key = rows.into_iter().map(|row| row.key).find(|key| device_id(key) == id).ok_or_else(Error::not_found)?;
    request.core.writer.delete_session(key).await?;
    request.core.hub.close_session(&key, close::SESSION);
    request.redirect_plain_form("/devices");
    Ok(())
}

/// Ends all of the user's sessions except the current one: when this returns, their live connections are closed.
pub async fn sign_out_elsewhere() -> Result<(), Error> {
    let request = request()?;
    let (user, this) = request.caller_ending_sessions()?;
    request.core.writer.end_other_sessions(user, this).await?;
    request.core.hub.close_user(user, Some(&this), close::SESSION);
    request.redirect_plain_form("/devices");
    Ok(())
}

impl Request {
    async fn sessions(&self, user: UserId) -> Result<Vec<SessionRow>, Error> {
        let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
        let now = self.core.clock.now();
        sessions::of_user(&mut snapshot.conn(), user, now, DEVICES_MAX).await.map_err(error::reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_s_identifier_is_below_two_to_the_53rd_and_does_not_reveal_the_key() {
        let keys = [[0; 32], [255; 32], [7; 32]];
        let ids = keys.map(|key| device_id(&key).0);
        assert!(ids.iter().all(|id| (0..1 << 53).contains(id)), "{ids:?}");
        let of_key = u64::from_be_bytes([7; 8]) >> 11;
        assert_ne!(u64::try_from(ids[2]).unwrap(), of_key);
        assert!(ids[0] != ids[1] && ids[1] != ids[2]);
    }
}
