//! The requests of the diagnostics page.

use super::StatePart;
use super::effects::Effects;
use super::engine::Engine;
use super::requests::RequestKind;
use crate::model::{Error, ServerStatus};
use crate::wire::{ClientFrame, ECHO_MAX, RequestId};

/// What the diagnostics page shows of the connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics {
    /// Milliseconds from the last `Ping` to its `Pong`.
    pub round_trip: Option<u64>,
    /// The last echo: the text that came back, and the milliseconds it took.
    pub echo: Option<(String, u64)>,
    pub status: Option<ServerStatus>,
    /// Why the last diagnostic request failed.
    pub error: Option<Error>,
}

impl Engine {
    pub(super) fn echo(&mut self, now: u64, text: String, out: &mut Effects) {
        if text.chars().count() > ECHO_MAX {
            self.diagnostics.error = Some(Error::invalid(format!("An echo holds up to {ECHO_MAX} characters.")));
            out.changed(StatePart::Diagnostics);
            return;
        }
        self.send_diagnostic(now, RequestKind::Echo(now), |request| ClientFrame::Echo { request, text }, out);
    }

    /// Sends a request of the diagnostics page.
    pub(super) fn send_diagnostic(
        &mut self,
        now: u64,
        kind: RequestKind,
        frame: impl FnOnce(RequestId) -> ClientFrame,
        out: &mut Effects,
    ) {
        if self.connection.is_live() {
            let request = self.requests.open(now, kind);
            out.send(frame(request));
        } else {
            self.diagnostics.error = Some(Error::unreachable());
            out.changed(StatePart::Diagnostics);
        }
    }

    pub(super) fn diagnostic_answered(
        &mut self,
        now: u64,
        request: RequestId,
        answer: DiagnosticAnswer,
        out: &mut Effects,
    ) {
        let fits = |kind| match answer {
            DiagnosticAnswer::Pong => matches!(kind, RequestKind::Ping(_) | RequestKind::Heartbeat(_)),
            DiagnosticAnswer::Echoed(_) => matches!(kind, RequestKind::Echo(_)),
        };
        let Some(kind) = self.requests.complete(request, fits) else {
            return;
        };
        match (kind, answer) {
            (RequestKind::Ping(at), _) => {
                self.connection.pong_received();
                (self.diagnostics.round_trip, self.diagnostics.error) = (Some(now.saturating_sub(at)), None);
            }
            (RequestKind::Heartbeat(at), _) => {
                self.connection.pong_received();
                self.diagnostics.round_trip = Some(now.saturating_sub(at));
            }
            (RequestKind::Echo(at), DiagnosticAnswer::Echoed(text)) => {
                (self.diagnostics.echo, self.diagnostics.error) = (Some((text, now.saturating_sub(at))), None);
            }
            _ => return,
        }
        out.changed(StatePart::Diagnostics);
    }
}

/// An answer that measures a round trip.
pub(super) enum DiagnosticAnswer {
    Pong,
    Echoed(String),
}
