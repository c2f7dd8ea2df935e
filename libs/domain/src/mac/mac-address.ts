const MAC_ADDRESS = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** Six hexadecimal pairs with colons; large or small letters are the same. */
export const isMacAddress = (text: string): boolean => MAC_ADDRESS.test(text);

/** The address as a number of 48 bits. */
export const macNumber = (address: string): number => Number.parseInt(address.replaceAll(':', ''), 16);

/** The number as an address in small letters, as addresses are compared. */
export function macText(number: number): string {
  return number
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?!$)/g, '$&:');
}
