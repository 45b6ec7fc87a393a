import { DashboardWidget, readDashboardBody } from './body';

/** Dashboards, and what each one shows. */
export class Dashboards {
  private readonly byName = new Map<string, readonly DashboardWidget[]>();

  /** Fails for a body that CloudWatch does not take, or takes with a warning. */
  add(name: string, body: string): void {
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw new Error(`Invalid DashboardName: ${name} must be 1 to 255 letters, digits, hyphens and underscores`);
    if (this.byName.has(name)) throw new Error(`Dashboard ${name} already exists`);
    this.byName.set(name, readDashboardBody(body));
  }

  remove(name: string): void {
    this.byName.delete(name);
  }

  /** In the order of the body. */
  widgets(name: string): readonly DashboardWidget[] {
    const widgets = this.byName.get(name);
    if (widgets === undefined) throw new Error(`Dashboard ${name} does not exist`);
    return widgets;
  }
}
