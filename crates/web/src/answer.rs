//! Answers that are not pages: JSON, and bytes that come piece by piece.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Pieces read ahead of what the client has taken.
const PIECES_AHEAD: usize = 2;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// A body of pieces, asked for by number as the client takes them, until there is none. An error cuts the answer off,
/// so that no client takes half of it for the whole.
pub(crate) fn pieces<F, P>(mut piece: F) -> Body
where
    F: FnMut(i64) -> P + Send + 'static,
    P: Future<Output = app::Result<Option<Vec<u8>>>> + Send,
{
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    tokio::spawn(async move {
        for number in 0.. {
            let next = piece(number).await;
            if let Err(error) = &next {
                tracing::error!("an answer was cut off: {error}");
            }
            let Some(next) = next.transpose() else { break };
            let failed = next.is_err();
            if sender.send(next).await.is_err() || failed {
                break;
            }
        }
    });
    Body::from_stream(Pieces(receiver))
}

struct Pieces(mpsc::Receiver<app::Result<Vec<u8>>>);

impl Stream for Pieces {
    type Item = app::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
