import { Component, type ReactNode } from "react";

/** Shows a calm message in place of a component that threw, and tries again after the next update. */
export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  componentDidMount() {
    import.meta.hot.on("bun:afterUpdate", this.tryAgain);
  }

  componentWillUnmount() {
    import.meta.hot.off("bun:afterUpdate", this.tryAgain);
  }

  tryAgain = () => {
    if (this.state.failed) this.setState({ failed: false });
  };

  render() {
    return this.state.failed ? <Message /> : this.props.children;
  }
}

function Message() {
  const style = { font: "16px/1.5 system-ui, sans-serif", padding: 32, textAlign: "center", opacity: 0.7 } as const;
  return (
    <p role="alert" style={style}>
      This version stopped with an error. The next change replaces it.
    </p>
  );
}
