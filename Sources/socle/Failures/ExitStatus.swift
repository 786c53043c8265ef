/// How `socle` ends, after sysexits.h, so that a script can tell a typing error from a database that is away.
enum ExitStatus: Int32, CaseIterable {
    /// Done.
    case success = 0
    /// `doctor` or `validate` did its work and found something wrong.
    case findings = 1
    /// The command line is wrong.
    case usage = 64
    /// A file that was read is wrong (CSV, YAML of a package).
    case data = 65
    /// A file, site, package or voucher named on the command line does not exist.
    case notFound = 66
    /// The database is away, or does not answer in time.
    case unavailable = 69
    /// A fault of ours.
    case software = 70
    /// Something the system refuses: a port in use, a directory that cannot be made.
    case system = 71
    /// What was to be made exists already.
    case exists = 73
    /// The database role or the Unix user may not do this.
    case permission = 77
    /// The configuration is wrong, or the database's schema is not this executable's.
    case configuration = 78
}
