/// One call of the Messages API, always streamed.
package struct MessagesRequest: Sendable, Equatable {
    /// A turn of the conversation.
    package struct Message: Sendable, Equatable {
        package enum Role: String, Sendable { case user, assistant }
        package var role: Role
        package var text: String

        package init(role: Role, text: String) {
            self.role = role
            self.text = text
        }
    }

    package var model: String
    package var system: String
    /// Begins with a user's message.
    package var messages: [Message]
    /// Output tokens at most, from 1.
    package var maximumTokens: Int

    package init(model: String, system: String, messages: [Message], maximumTokens: Int) {
        self.model = model
        self.system = system
        self.messages = messages
        self.maximumTokens = maximumTokens
    }
}
