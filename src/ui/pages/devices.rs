//! Where one is signed in.

use super::{FailedPage, Sheet, SheetWaiting};
use crate::api::devices::{SignOutDevice, SignOutElsewhere, list_devices};
use crate::client::platform::page;
use crate::model::{Code, Device, DeviceId, Devices, Millis, Which};
use crate::ui::parts::{Ago, Attempt, FormProblem, Icon, IconOf, live, page_data};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use std::time::Duration;

/// The list is read anew this often, as its times pass and devices come and go.
const READ_EVERY: Duration = Duration::from_secs(60);

/// One's devices, each with the way to sign it out.
#[component]
pub fn DevicesPage() -> impl IntoView {
    let start = page_data(list_devices);
    let page = Suspend::new(async move {
        match start.await {
            Ok(devices) => view! { <List devices=devices /> }.into_any(),
            Err(error) => view! { <FailedPage error=error /> }.into_any(),
        }
    });
    let waiting = || view! { <SheetWaiting title="Devices" /> };
    view! { <Transition fallback=waiting>{page}</Transition> }.into_any()
}

#[component]
fn List(devices: Devices) -> impl IntoView {
    let listed = RwSignal::new(devices);
    Effect::new(move |_| {
        if let Ok(handle) = set_interval_with_handle(move || read(listed), READ_EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    let done = RwSignal::new(None::<&'static str>);
    let one = Attempt::new(SignOutDevice::PATH);
    let all = Attempt::new(SignOutElsewhere::PATH);
    let problem = Signal::derive(move || one.refusal().or_else(|| all.refusal()).map(|error| error.message));
    let sign_out = Callback::new(move |event: SubmitEvent| {
        done.set(None);
        let taken = move |()| {
            done.try_set(Some("That device is signed out."));
            read(listed);
        };
        one.submit(&event, Callback::new(taken));
    });
    let sign_out_all = move |event: SubmitEvent| {
        done.set(None);
        let taken = move |()| {
            done.try_set(Some("All other devices are signed out."));
            read(listed);
        };
        all.submit(&event, Callback::new(taken));
    };
    let ids =
        Memo::new(move |_| listed.with(|listed| listed.devices.iter().map(|device| device.id).collect::<Vec<_>>()));
    let alone = Memo::new(move |_| ids.with(|ids| ids.len() < 2));
    let row = move |id: DeviceId| row(listed, id, sign_out);
    view! {
        <Sheet title="Devices">
            <p class="quiet">
                "Where you are signed in: the address from which each device signed in, and when it was last used."
            </p>
            <FormProblem problem=problem />
            <p role="status" class="note" class:quiet-box=move || done.with(Option::is_none)>
                {live(move || done.get())}
            </p>
            <div class="rows-box">
                <For each=move || ids.get() key=|id| *id let:id>
                    {row(id)}
                </For>
            </div>
            <form action=SignOutElsewhere::url() method="post" hidden=move || alone.get() on:submit=sign_out_all>
                <button class="button plain" type="submit">
                    "Sign out everywhere else"
                </button>
            </form>
            <p class="quiet" hidden=move || !alone.get()>
                "You are signed in on this device alone."
            </p>
        </Sheet>
    }
    .into_any()
}

/// Reads the list again. What cannot be read is tried again with the next round; what is shown stays.
fn read(listed: RwSignal<Devices>) {
    spawn_local(async move {
        match list_devices().await {
            Ok(devices) => {
                listed.try_set(devices);
            }
            Err(error) if error.code == Code::SignInRequired => page::sign_in(),
            Err(_) => {}
        }
    });
}

/// One device. What it is called stays; its times pass.
fn row(listed: RwSignal<Devices>, id: DeviceId, sign_out: Callback<SubmitEvent>) -> AnyView {
    let find = move |listed: &Devices| listed.devices.iter().find(|device| device.id == id).cloned();
    let Some(Device { name, address, which, .. }) = listed.with_untracked(find) else { return ().into_any() };
    let used =
        move |listed: &Devices| listed.devices.iter().find(|device| device.id == id).map(|device| device.used_at);
    let at = Signal::derive(move || listed.with(used).unwrap_or(Millis(0)));
    let now = Signal::derive(move || listed.with(|listed| listed.now));
    let heading = format!("device-{id}");
    let label = heading.clone();
    let end = match which {
        Which::This => view! { <span class="pill end">"This device"</span> }.into_any(),
        Which::Other => view! {
            <form class="end" action=SignOutDevice::url() method="post" on:submit=move |event| sign_out.run(event)>
                <input type="hidden" name="device" value=id.to_string() />
                <button class="button s plain" type="submit" aria-describedby=heading.clone()>
                    "Sign out"
                </button>
            </form>
        }
        .into_any(),
    };
    view! {
        <section class="row-item" aria-labelledby=label>
            <span class="row-glyph">
                <Icon of=IconOf::Screen />
            </span>
            <div class="grow">
                <h2 id=heading>{name}</h2>
                <p>{address} " · " <Ago at=at now=now /></p>
            </div>
            {end}
        </section>
    }
    .into_any()
}
