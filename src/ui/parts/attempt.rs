//! A form on its way to the server.

use crate::client::platform::{form, page};
use crate::model::{Code, Error};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::task::spawn_local;
use std::future::Future;

/// What became of a form.
#[derive(Clone, Copy)]
pub struct Attempt {
    pending: RwSignal<bool>,
    answer: RwSignal<Option<Result<(), Error>>>,
}

impl Attempt {
    /// For the server function at `path`. Without scripts its refusal comes back with the page, in the address.
    pub fn new(path: &str) -> Self {
        let refused = use_context::<ServerActionError>()
            .filter(|refused| refused.path() == path)
            .map(|refused| Err(ServerFnUrlError::<Error>::decode_err(refused.err())));
        Attempt { pending: RwSignal::new(false), answer: RwSignal::new(refused) }
    }

    /// Sends it. Where that leads elsewhere, the answer brings the address along.
    pub fn send(self, call: impl Future<Output = Result<(), Error>> + 'static) {
        self.pending.set(true);
        spawn_local(async move {
            let answer = call.await;
            self.answer.try_set(Some(answer));
            self.pending.try_set(false);
        });
    }

    /// Sends the form that is being submitted, as it stands, and stays on the page; `done` follows once it was taken.
    pub fn submit(self, event: &SubmitEvent, done: Callback<()>) {
        event.prevent_default();
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        let sent = form::send(event);
        spawn_local(async move {
            let refused = sent.await.err();
            let taken = refused.is_none();
            if refused.as_ref().is_some_and(|error| error.code == Code::SignInRequired) {
                page::sign_in();
            }
            self.answer.try_set(refused.map(Err));
            self.pending.try_set(false);
            if taken {
                done.try_run(());
            }
        });
    }

    /// On its way, or arrived: once it has succeeded, the next page is coming.
    pub fn is_busy(self) -> bool {
        self.pending.get() || self.answer.with(|answer| matches!(answer, Some(Ok(()))))
    }

    /// Why it was refused.
    pub fn refusal(self) -> Option<Error> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().err().cloned())
    }
}
