internal import HTTPTypes

extension HTTPField.Name {
    /// `request-id`, on every answer.
    static let requestID = fieldName("request-id")
    /// `x-api-key`, one of the two ways to authenticate.
    static let apiKey = fieldName("x-api-key")
    /// `anthropic-version`, required.
    static let anthropicVersion = fieldName("anthropic-version")

    private static func fieldName(_ text: String) -> Self {
        guard let name = Self(text) else {
            preconditionFailure("these names are constant tokens")
        }
        return name
    }
}
