/// A public body or a partner that sites belong to; also the tenant that row-level security isolates.
public struct Organisation: Sendable, Hashable {
    /// What it is in French administrative law.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A Département.
        case departement
        /// An intercommunal body (établissement public de coopération intercommunale).
        case epci
        /// A commune.
        case commune
        /// Anybody else: an association, a maison de santé's company.
        case partner
    }

    /// Its row.
    public let id: OrganisationID
    /// The body it belongs to; nil at the top.
    public let parentID: OrganisationID?
    /// What it is.
    public let kind: Kind
    /// 1 … 200 characters.
    public let name: String
    /// INSEE code (`55029`, `2A004`, `55`); every commune has one.
    public let codeINSEE: String?
    /// Where it is on the map.
    public let coordinates: Coordinates?

    /// An organisation as the table holds it.
    public init(
        id: OrganisationID, parentID: OrganisationID? = nil, kind: Kind, name: String, codeINSEE: String? = nil,
        coordinates: Coordinates? = nil
    ) {
        self.id = id
        self.parentID = parentID
        self.kind = kind
        self.name = name
        self.codeINSEE = codeINSEE
        self.coordinates = coordinates
    }
}
