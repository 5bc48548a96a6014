//! Wall-clock times of a step that is run several times.

use std::future::Future;
use std::time::Instant;

/// Times in milliseconds.
#[derive(Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Runs a step and keeps how long it took.
    ///
    /// # Errors
    /// What the step answers.
    pub async fn run<T, E>(&mut self, step: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let started = Instant::now();
        let result = step.await;
        self.0.push(started.elapsed().as_secs_f64() * 1e3);
        result
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Keeps a time that was taken elsewhere.
    pub fn push(&mut self, time: std::time::Duration) {
        self.0.push(time.as_secs_f64() * 1e3);
    }

    /// Runs a step that belongs to the one before and adds its time to it.
    ///
    /// # Errors
    /// What the step answers.
    pub async fn last_plus<T, E>(&mut self, step: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let result = self.run(step).await;
        let last = self.0.pop().unwrap_or(0.0);
        if let Some(before) = self.0.last_mut() {
            *before += last;
        }
        result
    }
}

/// The median in milliseconds; 0 without runs.
#[must_use]
pub fn median(times: &Times) -> f64 {
    percentile(times, 50)
}

/// The time in milliseconds that so many of a hundred runs did not exceed; 0 without runs.
#[must_use]
pub fn percentile(times: &Times, percent: usize) -> f64 {
    let mut sorted = times.0.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}
