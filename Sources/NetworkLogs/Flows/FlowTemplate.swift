/// How the records of a data set are laid out, and the few steps that read one.
struct FlowTemplate: Sendable {
    /// A field that is read, at its place in a record of fixed length.
    struct Step: Sendable {
        var element: FlowElement
        var offset: Int32
        var length: UInt16
    }

    let fields: [FlowField]
    let isOptions: Bool
    /// Reads a record of fixed length; of variable length, every field is a step and `offset` means nothing.
    let steps: [Step]
    /// Octets of a record, or the fewest it may have.
    let recordLength: Int
    let isVariable: Bool
    /// When it was last used or learned, in datagrams.
    var lastUsed: UInt64 = 0

    /// A template, or nil when its records would have no octets.
    init?(fields: [FlowField], isOptions: Bool, isIPFIX: Bool) {
        self.fields = fields
        self.isOptions = isOptions
        var steps: [Step] = []
        var offset = 0
        let variable = fields.contains(where: \.isVariable)
        for field in fields {
            let element = FlowElement(field, isIPFIX: isIPFIX)
            if variable || element != .skip {
                steps.append(Step(element: element, offset: Int32(clamping: offset), length: field.length))
            }
            offset += field.isVariable ? 1 : Int(field.length)
        }
        guard offset > 0 else { return nil }
        (self.steps, recordLength, isVariable) = (steps, offset, variable)
    }
}
