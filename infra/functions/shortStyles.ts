import Styles from '../../node_modules/pdfmake/src/StyleContextStack.js';

/**
 * How pdfmake looks up what a text inherits: of two dozen properties each, in a short bill two thousand times. It makes
 * three functions for each time, to follow named styles, which our papers do not have.
 */
export default class ShortStyles extends Styles {
  override clone(): ShortStyles {
    const copy = new ShortStyles(this.styleDictionary, this.defaultStyle);
    copy.styleOverrides = this.styleOverrides.slice();
    return copy;
  }

  override getProperty(property: string): unknown {
    const { styleOverrides, defaultStyle } = this;
    for (let i = styleOverrides.length - 1; i >= 0; i -= 1) {
      const node = styleOverrides[i];
      if (typeof node === 'string') return super.getProperty(property);
      const value = node?.[property];
      if (value !== undefined && value !== null) return value;
    }
    return defaultStyle[property];
  }

  static override getStyleProperty(
    ...[node, styles, property, otherwise]: Parameters<typeof Styles.getStyleProperty>
  ): unknown {
    if (node.style) return Styles.getStyleProperty(node, styles, property, otherwise);
    return node[property] ?? styles?.getProperty(property) ?? otherwise;
  }
}
