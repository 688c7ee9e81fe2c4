//! The user's own devices and password.

use crate::model::{DeviceId, Devices, Error};
use leptos::prelude::*;

/// The signed-in devices, the last used first.
#[server(prefix = "/api", endpoint = "devices")]
pub async fn list_devices() -> Result<Devices, Error> {
    use crate::server::auth;
    auth::devices().await
}

/// Signs a device out: its session and its live connections end.
#[server(prefix = "/api", endpoint = "sign-out-device")]
pub async fn sign_out_device(device: DeviceId) -> Result<(), Error> {
    use crate::server::auth;
    auth::sign_out_device(device).await
}

/// Signs all devices out except the current one.
#[server(prefix = "/api", endpoint = "sign-out-elsewhere")]
pub async fn sign_out_elsewhere() -> Result<(), Error> {
    use crate::server::auth;
    auth::sign_out_elsewhere().await
}

/// Changes the password, and signs all devices out except the current one.
#[server(prefix = "/api", endpoint = "change-password")]
pub async fn change_password(current_password: String, password: String) -> Result<(), Error> {
    use crate::model::password_form::PasswordForm;
    use crate::server::auth;
    auth::change_password(PasswordForm { current: current_password, new: password }).await
}
