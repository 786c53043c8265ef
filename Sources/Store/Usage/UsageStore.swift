public import Postgres
public import Territory

/// What subjects used on a day, all devices together: what quotas are measured against. ``SessionStore`` adds to it.
public struct UsageStore: Sendable {
    private let client: PostgresClient
    private let settings: [Setting]

    /// For a daemon that serves every organisation, or the portal acting for one.
    public init(_ client: PostgresClient, of organisation: OrganisationID? = nil) {
        self.client = client
        settings = organisation.map { [.organisation($0)] } ?? []
    }

    /// The usage of these subjects on a day of the site's calendar; those without any are left out.
    public func load(
        _ subjects: some Collection<SubjectReference>, on day: CivilDay
    ) async throws -> [SubjectReference: Usage] {
        guard !subjects.isEmpty else { return [:] }
        let rows = try await client.query(
            """
            SELECT u.subject_kind, u.subject_id, u.seconds, u.input_octets, u.output_octets
            FROM unnest(\(subjects.map(\.kind.rawValue)), \(subjects.map(\.id))) AS w(kind, id)
            JOIN access.usage AS u ON u.subject_kind = w.kind AND u.subject_id = ANY (ARRAY[w.id])
                AND u.day = \(day.description)::text::date
            """, settings: settings)
        var usage: [SubjectReference: Usage] = [:]
        for row in rows {
            var columns = ColumnReader(row)
            let subject = SubjectReference(kind: try columns.nextCase(), id: try columns.next())
            usage[subject] = Usage(
                seconds: try columns.next(), inputOctets: try columns.next(), outputOctets: try columns.next())
        }
        return usage
    }

    /// The usage of these subjects on a day of the site's calendar, in its week and in its month; those without any are left
    /// out. One range of the primary key for each subject.
    public func loadPeriods(
        _ subjects: some Collection<SubjectReference>, on day: CivilDay
    ) async throws -> [SubjectReference: PeriodUsage] {
        guard !subjects.isEmpty else { return [:] }
        let first = QuotaPeriod.earliest(for: day)
        let rows = try await client.query(
            """
            SELECT u.subject_kind, u.subject_id, u.day - \(day.description)::text::date, u.seconds, u.input_octets,
                u.output_octets
            FROM unnest(\(subjects.map(\.kind.rawValue)), \(subjects.map(\.id))) AS w(kind, id)
            JOIN access.usage AS u ON u.subject_kind = w.kind AND u.subject_id = ANY (ARRAY[w.id])
                AND u.day BETWEEN \(first.description)::text::date AND \(day.description)::text::date
            """, settings: settings)
        var days: [SubjectReference: [(day: CivilDay, usage: Usage)]] = [:]
        for row in rows {
            var columns = ColumnReader(row)
            let subject = SubjectReference(kind: try columns.nextCase(), id: try columns.next())
            let at = CivilDay(daysSinceEpoch: day.daysSinceEpoch + Int(try columns.next(Int32.self)))
            let usage = Usage(
                seconds: try columns.next(), inputOctets: try columns.next(), outputOctets: try columns.next())
            days[subject, default: []].append((at, usage))
        }
        return days.mapValues { PeriodUsage($0, on: day) }
    }

    /// Forgets the usage of days before this one; returns how many rows. A quota may be monthly: what is older than a month
    /// is of use to nobody.
    public func forget(before day: CivilDay) async throws -> Int {
        try await client.write(
            "DELETE FROM access.usage WHERE day < \(day.description)::text::date", settings: settings, repeatable: true
        ).affected
    }
}
