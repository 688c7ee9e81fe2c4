//! Requests that follow what somebody types.

use super::platform::page;
use crate::model::{Code, Error};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::time::Duration;

/// The pause in typing after which the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// A request of which only the last one counts: an answer to an earlier one is dropped.
#[derive(Clone, Copy)]
pub struct LatestRequest {
    number: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    is_pending: RwSignal<bool>,
}

impl LatestRequest {
    #[expect(clippy::new_without_default, reason = "belongs to the view that makes it")]
    pub fn new() -> Self {
        let request = LatestRequest {
            number: StoredValue::new(0),
            timer: StoredValue::new(None),
            is_pending: RwSignal::new(false),
        };
        on_cleanup(move || request.stop_timer());
        request
    }

    /// Whether an answer is still to come, the pause before the request included.
    pub fn is_pending(self) -> bool {
        self.is_pending.try_get().unwrap_or(false)
    }

    /// Asks at once. `take` gets the answer, unless another request was made or the view is gone by then; a session
    /// that has ended leads to the sign-in page instead.
    pub fn ask<T, F>(self, request: F, take: impl FnOnce(Result<T, Error>) + 'static)
    where
        T: 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let Some(number) = self.next() else { return };
        self.is_pending.try_set(true);
        spawn_local(async move {
            let answer = request.await;
            if self.number.try_get_value() != Some(number) {
                return;
            }
            self.is_pending.try_set(false);
            match answer {
                Err(error) if error.code == Code::SignInRequired => page::sign_in(),
                answer => take(answer),
            }
        });
    }

    /// The same after a pause of 120 ms, in which a newer request takes its place.
    pub fn ask_after_pause<T, F>(
        self,
        request: impl FnOnce() -> F + 'static,
        take: impl FnOnce(Result<T, Error>) + 'static,
    ) where
        T: 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        if self.next().is_none() {
            return;
        }
        self.is_pending.try_set(true);
        match set_timeout_with_handle(move || self.ask(request(), take), PAUSE) {
            Ok(timer) => self.timer.set_value(Some(timer)),
            // A page without timers: nothing that a person could be told would help.
            Err(_) => {
                self.is_pending.try_set(false);
            }
        }
    }

    /// Drops the request that is on its way, if there is one.
    pub fn cancel(self) {
        if self.next().is_some() {
            self.is_pending.try_set(false);
        }
    }

    fn next(self) -> Option<u32> {
        self.stop_timer();
        self.number.try_update_value(|number| {
            *number += 1;
            *number
        })
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
