mod crashes;
mod doubt;
mod faults;
mod pieces;
mod recording;
mod sending;
mod stopping;
mod trouble;
mod world;

#[cfg(feature = "metrics")]
mod counting;
