/** Books of a small company, the same at every start: what the tools of the accounting server read and change. Amounts are in cents. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly country: string;
  readonly payment_terms_days: number;
  readonly credit_limit: number;
}

export interface InvoiceLine {
  readonly description: string;
  readonly quantity: number;
  readonly unit_price: number;
}

export interface Invoice {
  readonly id: string;
  readonly customer_id: string;
  readonly issued_on: string;
  readonly due_on: string;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  readonly total: number;
  paid: number;
  status: 'open' | 'paid' | 'overdue' | 'void';
  reminders: number;
}

export interface Transaction {
  readonly id: string;
  readonly date: string;
  readonly amount: number;
  readonly text: string;
  category: string | null;
  matched_invoice_id: string | null;
}

export interface Bill {
  readonly id: string;
  readonly vendor_id: string;
  readonly due_on: string;
  readonly total: number;
  status: 'open' | 'approved' | 'paid';
}

export interface JournalEntry {
  readonly id: string;
  readonly date: string;
  readonly memo: string;
  readonly lines: readonly { readonly account: string; readonly debit: number; readonly credit: number }[];
}

export const ACCOUNTS = [
  { code: '1000', name: 'Bank', kind: 'asset' },
  { code: '1200', name: 'Accounts receivable', kind: 'asset' },
  { code: '2000', name: 'Accounts payable', kind: 'liability' },
  { code: '4000', name: 'Sales', kind: 'income' },
  { code: '6000', name: 'Rent', kind: 'expense' },
  { code: '6100', name: 'Software', kind: 'expense' },
  { code: '6200', name: 'Travel', kind: 'expense' },
  { code: '6300', name: 'Bank fees', kind: 'expense' },
] as const;

export const VENDORS = [
  { id: 'ven_01', name: 'Northwind Hosting', category: '6100' },
  { id: 'ven_02', name: 'City Rail', category: '6200' },
  { id: 'ven_03', name: 'Harbour Offices', category: '6000' },
  { id: 'ven_04', name: 'Pixel Tools', category: '6100' },
] as const;

const NAMES = ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Fir', 'Ginkgo', 'Hazel', 'Iroko', 'Juniper'];
const KINDS = ['Works', 'Trading', 'Studio', 'Logistics'];
const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR'];
const SERVICES = ['Consulting', 'Support plan', 'Workshop', 'Hosting', 'Licence'];
export const TODAY = '2026-11-20';

export class Books {
  readonly customers: readonly Customer[];
  readonly invoices: Invoice[] = [];
  readonly transactions: Transaction[] = [];
  readonly bills: Bill[] = [];
  readonly journal: JournalEntry[] = [];
  readonly notes: { readonly customer_id: string; readonly text: string }[] = [];

  constructor() {
    this.customers = Array.from({ length: 24 }, (_, index) => ({
      id: `cus_${pad(index + 1)}`,
      name: `${NAMES[index % NAMES.length]} ${KINDS[index % KINDS.length]}`,
      email: `billing@${(NAMES[index % NAMES.length] ?? '').toLowerCase()}${index}.example`,
      country: COUNTRIES[index % COUNTRIES.length] ?? 'DE',
      payment_terms_days: index % 3 === 0 ? 14 : 30,
      credit_limit: 500_000 + (index % 5) * 250_000,
    }));
    for (let index = 0; index < 72; index += 1) {
      this.invoices.push(makeInvoice(index, this.customers[(index * 7) % 24]?.id ?? ''));
    }
    for (let index = 0; index < 40; index += 1) {
      this.transactions.push(makeTransaction(index, this.invoices));
    }
    for (let index = 0; index < 20; index += 1) {
      this.bills.push({
        id: `bil_${pad(index + 1)}`,
        vendor_id: VENDORS[index % VENDORS.length]?.id ?? '',
        due_on: day(10 + index),
        total: 9_900 + ((index * 7919) % 90_000),
        status: index % 4 === 0 ? 'paid' : 'open',
      });
    }
  }

  /** Everything that calls can change, for comparing two ways of doing the same work. */
  changes(): unknown {
    return {
      invoices: this.invoices.map(({ id, paid, status, reminders }) => [id, paid, status, reminders]),
      transactions: this.transactions.map(({ id, category, matched_invoice_id }) => [
        id,
        category,
        matched_invoice_id,
      ]),
      bills: this.bills.map(({ id, status }) => [id, status]),
      journal: this.journal,
      notes: this.notes,
    };
  }
}

function makeInvoice(index: number, customer: string): Invoice {
  const lines = Array.from({ length: 1 + (index % 3) }, (_, line) => ({
    description: `${SERVICES[(index + line) % SERVICES.length]} ${line + 1}`,
    quantity: 1 + ((index + line) % 4),
    unit_price: 12_000 + ((index * 131 + line * 977) % 60_000),
  }));
  const total = lines.reduce((sum, { quantity, unit_price }) => sum + quantity * unit_price, 0);
  const status = index % 4 === 0 ? 'paid' : index % 4 === 1 ? 'overdue' : 'open';
  return {
    id: `inv_${pad(index + 1)}`,
    customer_id: customer,
    issued_on: day(index % 28, 9),
    due_on: day(index % 28, status === 'overdue' ? 10 : 12),
    currency: 'EUR',
    lines,
    total,
    paid: status === 'paid' ? total : 0,
    status,
    reminders: 0,
  };
}

function makeTransaction(index: number, invoices: readonly Invoice[]): Transaction {
  const paysInvoice = index % 2 === 0;
  const invoice = invoices[index * 2 + 1];
  return {
    id: `txn_${pad(index + 1)}`,
    date: day(index % 20, 11),
    amount: paysInvoice ? (invoice?.total ?? 0) : -(2_500 + ((index * 4001) % 40_000)),
    text: paysInvoice
      ? `Payment ${invoice?.id ?? ''} thank you`
      : `${VENDORS[index % VENDORS.length]?.name ?? ''} ref ${1000 + index}`,
    category: null,
    matched_invoice_id: null,
  };
}

function day(offset: number, month = 11): string {
  return `2026-${pad(month)}-${pad(1 + (offset % 28))}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
