//! Connections of the server: only so many at once, and one on which nothing moves for long is closed, so that slow or
//! vanished senders hold nothing for ever.

use axum::serve::Listener;
use std::future::Future;
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// More than browsers of any office open; further ones wait.
const AT_ONCE: usize = 512;
/// Longer than any request takes.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

/// A listener whose connections end when they fall silent.
pub struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
    silence: Duration,
}

impl Patient {
    /// Connections to this listener.
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(AT_ONCE)), silence: LONGEST_SILENCE }
    }
}

impl Listener for Patient {
    type Io = Connection<tokio::net::TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        let place = self.places.clone().acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection::new(stream, self.silence, place), address)
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A stream that fails when nothing moves on it for too long.
pub struct Connection<S> {
    stream: S,
    silence: Duration,
    end: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl<S> Connection<S> {
    fn new(stream: S, silence: Duration, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { stream, silence, end: Box::pin(sleep(silence)), _place: place }
    }

    /// Passes on what moved; where nothing did, says when it has been too long.
    fn watch<T>(&mut self, moved: Poll<Result<T>>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        if moved.is_ready() {
            self.end.as_mut().reset(Instant::now() + self.silence);
            return moved;
        }
        ready!(self.end.as_mut().poll(cx));
        Poll::Ready(Err(Error::from(ErrorKind::TimedOut)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_read(cx, into);
        self.watch(moved, cx)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(moved, cx)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(moved, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(moved, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch(moved, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn a_silent_connection_ends_and_one_that_moves_does_not() {
        let (mut far, near) = duplex(64);
        let mut near = Connection::new(near, Duration::from_millis(30), None);
        let mut buffer = [0; 4];
        far.write_all(b"abcd").await.expect("sent");
        assert_eq!(near.read(&mut buffer).await.expect("received"), 4);
        near.write_all(b"ok").await.expect("answered");
        let error = near.read(&mut buffer).await.expect_err("nothing comes any more");
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }
}
