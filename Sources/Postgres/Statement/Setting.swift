/// A run-time setting of the server that holds for one statement or one transaction, as `set_config(name, value, true)`.
public struct Setting: Sendable, Hashable {
    /// The setting, such as `socle.organisation`.
    public let name: String
    /// Its value.
    public let value: String

    /// A setting and its value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// One statement that applies all of them to the current transaction.
    static func statement(_ settings: [Setting]) -> SQL {
        var sql: SQL = "SELECT "
        for (index, setting) in settings.enumerated() {
            sql.append(text: index == 0 ? "set_config(" : ", set_config(")
            sql.append(parameter: setting.name)
            sql.append(text: ", ")
            sql.append(parameter: setting.value)
            sql.append(text: ", true)")
        }
        return sql
    }
}
