//! The list of a user's signed-in devices.

use crate::api::devices::{SignOutDevice, SignOutElsewhere};
use crate::client::{Zone, machine_text};
use crate::model::device::ago_text;
use crate::model::{Device, Devices, Millis};
use crate::ui::parts::{Icon, IconOf};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The user's devices, each with a button that signs it out.
pub fn devices(Devices { devices, now }: Devices) -> String {
    let alone = devices.iter().all(|device| device.is_current);
    let elsewhere = if alone {
        view! { <p class="quiet">"You are signed in on this device alone."</p> }.into_any()
    } else {
        view! {
            <form action=SignOutElsewhere::url() method="post" data-done="All other devices are signed out.">
                <button class="button plain" type="submit">
                    "Sign out everywhere else"
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <p class="quiet">
            "Where you are signed in: the address from which each device signed in, and when it was last used."
        </p>
        <div class="rows-box">{devices.into_iter().map(|device| row(device, now)).collect_view()}</div>
        {elsewhere}
    }
    .to_html()
}

fn row(device: Device, now: Millis) -> AnyView {
    let heading = format!("device-{}", device.id);
    let end = if device.is_current {
        view! { <span class="pill end">"This device"</span> }.into_any()
    } else {
        view! {
            <form class="end" action=SignOutDevice::url() method="post" data-done="That device is signed out.">
                <input type="hidden" name="device" value=device.id.to_string() />
                <button class="button s plain" type="submit" aria-describedby=heading.clone()>
                    "Sign out"
                </button>
            </form>
        }
        .into_any()
    };
    let label = heading.clone();
    view! {
        <section class="row-item" aria-labelledby=label>
            <span class="row-glyph">
                <Icon of=IconOf::Screen />
            </span>
            <div class="grow">
                <h2 id=heading>{device.name}</h2>
                <p>
                    {device.address} " · "
                    <time datetime=machine_text(device.used_at) title=Zone::Utc.exact_text(device.used_at)>
                        {ago_text(now, device.used_at)}
                    </time>
                </p>
            </div>
            {end}
        </section>
    }
    .into_any()
}
