//! Custom audiences (Marketing API: Custom Audience, Customer File Custom Audiences, Lookalike Audiences).

mod node;
mod normalize;
mod rows;
mod send;
#[cfg(test)]
mod tests;
mod upload;

pub use node::{
    AudienceSession, AudienceStatus, CreateCustomAudience, CreateLookalike, CreatedAudience, CustomAudience,
    DeleteCustomAudience, GetCustomAudience, ListAudienceSessions, ListCustomAudiences, LookalikeSpec,
    UpdateCustomAudience,
};
pub use normalize::{AudienceKey, AudienceValue, Gender, Sha256Hex};
pub use rows::{AudienceBatch, AudienceUser, AudienceUsers, BatchSession};
pub use send::{
    AddAudienceUsers, AudienceAction, AudienceUsersReceived, InvalidSamples, RemoveAudienceUsers,
    ReplaceAudienceUsers,
};
pub use upload::{AudienceUpload, AudienceUploaded};
