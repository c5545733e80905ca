//! The words of the Marketing API, as enums that keep values they do not know.

mod creation;
mod reading;

pub use creation::{
    AdStatus, BidStrategy, BillingEvent, CallToActionType, CopyStatus, DestinationType, Objective,
    OptimizationGoal, SpecialAdCategory,
};
pub use reading::{
    ActionBreakdown, AdsBreakdown, AdsTask, AudienceLabel, AudienceSubtype, CustomerFileSource,
    EffectiveStatus,
};
