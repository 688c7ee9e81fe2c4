//! A user's devices: listing and revoking their sessions.

use super::sessions::client;
use super::{Request, request};
use crate::model::device::{DEVICES_MAX, name_of_agent};
use crate::model::{Device, DeviceId, Devices, Error, UserId, Which};
use crate::server::error;
use crate::server::store::sessions::{self, SessionKey, SessionRow};
use crate::wire::close;
use sha2::{Digest, Sha256};

/// The handle by which a page names a session: derived from its key by one more hash, so that what a page shows is of
/// no use with the table of sessions, nor the other way round. It names a session among its user's alone; those are few
/// enough for 53 bits.
fn handle(key: &SessionKey) -> DeviceId {
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
                id: handle(&row.key),
                name: name_of_agent(client.as_ref().map_or("", |client| &client.agent)),
                address: client.map(|client| client.address).unwrap_or_default(),
                used_at: if in_use { now } else { row.used_at },
                which: if row.key == this { Which::This } else { Which::Other },
            }
        })
        .collect();
    devices.sort_by_key(|device| (std::cmp::Reverse(device.used_at), device.which == Which::Other));
    Ok(Devices { devices, now })
}

/// Ends one of the user's sessions: when this returns, its live connections are closed.
///
/// # Errors
/// `NotFound` when it is not there, or not theirs.
pub async fn sign_out_device(id: DeviceId) -> Result<(), Error> {
    let request = request()?;
    let (user, _) = request.ender()?;
    let rows = request.sessions(user).await?;
    let key = rows.into_iter().map(|row| row.key).find(|key| handle(key) == id).ok_or_else(Error::not_found)?;
    request.core.writer.delete_session(key).await?;
    request.core.hub.close_session(&key, close::SESSION);
    request.lead("/devices");
    Ok(())
}

/// Ends all of the user's sessions but this one: when this returns, their live connections are closed.
pub async fn sign_out_elsewhere() -> Result<(), Error> {
    let request = request()?;
    let (user, this) = request.ender()?;
    request.core.writer.end_other_sessions(user, this).await?;
    request.core.hub.close_user(user, Some(&this), close::SESSION);
    request.lead("/devices");
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
    fn a_device_s_handle_is_a_number_that_every_client_can_hold_and_tells_nothing_of_the_key() {
        let keys = [[0; 32], [255; 32], [7; 32]];
        let handles = keys.map(|key| handle(&key).0);
        assert!(handles.iter().all(|handle| (0..1 << 53).contains(handle)), "{handles:?}");
        let of_key = u64::from_be_bytes([7; 8]) >> 11;
        assert_ne!(u64::try_from(handles[2]).unwrap(), of_key);
        assert!(handles[0] != handles[1] && handles[1] != handles[2]);
    }
}
