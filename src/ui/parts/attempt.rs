//! A form on its way to the server.

use crate::client::platform::{form, page};
use crate::model::{Code, Error};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::task::spawn_local;

/// What became of a form.
#[derive(Clone, Copy)]
pub struct Attempt {
    pending: RwSignal<bool>,
    answer: RwSignal<Option<Result<(), Error>>>,
}

impl Attempt {
    /// For the server function at `path`. Without scripts its refusal comes back with the page, in the address.
    pub fn new(path: &str) -> Self {
        Self::refused(use_context::<ServerActionError>().filter(|refused| refused.path() == path))
    }

    /// For whatever the page's forms call.
    pub fn of_any() -> Self {
        Self::refused(use_context::<ServerActionError>())
    }

    fn refused(refused: Option<ServerActionError>) -> Self {
        let refused = refused.map(|refused| Err(ServerFnUrlError::<Error>::decode_err(refused.err())));
        Attempt { pending: RwSignal::new(false), answer: RwSignal::new(refused) }
    }

    /// Sends the form that is being submitted, as it stands. Once it was taken, `done` follows, and the form may be sent
    /// again; it is told whether the answer led elsewhere. Without it the next page is coming, to which the answer leads. A
    /// form that asks for a page is left to the browser.
    pub fn submit(self, event: &SubmitEvent, done: Option<Callback<bool>>) {
        let Some(sent) = form::send(event) else { return };
        event.prevent_default();
        if untrack(|| self.is_busy()) {
            return;
        }
        self.pending.set(true);
        spawn_local(async move {
            let answer = sent.await;
            let taken = answer.is_ok();
            if answer.as_ref().is_err_and(|error| error.code == Code::SignInRequired) {
                page::sign_in();
            }
            // Whoever stays may send again.
            let led = answer.as_ref().is_ok_and(|led| *led);
            self.answer.try_set(Some(answer.map(drop)).filter(|_| !taken || done.is_none()));
            self.pending.try_set(false);
            if let Some(done) = done.filter(|_| taken) {
                done.try_run(led);
            }
        });
    }

    /// On its way, or arrived: once it has succeeded, the next page is coming.
    pub fn is_busy(self) -> bool {
        // The answer may lead to another page, and a row of a list look once more at what is gone with its page.
        self.pending.try_get().unwrap_or(false)
            || self.answer.try_with(|answer| matches!(answer, Some(Ok(())))).unwrap_or(false)
    }

    /// Why it was refused.
    pub fn refusal(self) -> Option<Error> {
        self.answer.try_with(|answer| answer.as_ref()?.as_ref().err().cloned()).flatten()
    }
}
