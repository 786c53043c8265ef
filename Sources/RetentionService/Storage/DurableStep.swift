/// Every moment at which the disk is told something that a later one depends on. Tests end the process, or fill the disk,
/// at each of them; what must hold after any is written beside it.
enum DurableStep: String, CaseIterable, Sendable {
    /// A journal's header is on disk: no record was taken in yet.
    case journalBegun
    /// Frames are written, not yet synchronised: their records may be lost, and nothing was promised of them.
    case framesWritten
    /// Frames are synchronised: their records survive.
    case framesSynchronised
    /// A segment is written under a name that nobody reads: its journal still stands for its records.
    case objectWritten
    /// It is synchronised.
    case objectSynchronised
    /// It has its name: segment and journal both hold the records, and the segment counts.
    case objectNamed
    /// The folder is synchronised: the name survives.
    case objectPublished
    /// The log has its leaf.
    case leafAppended
    /// The journal is gone.
    case journalRemoved
    /// An object whose time is over is gone, and its keys with it; the log does not say so yet.
    case objectDestroyed
}
