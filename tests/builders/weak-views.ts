import { type SavedView, VIEWS_KEPT, type ViewBook } from '../../src/agency/index.ts';
import { byText, slowPort } from './weak-port.ts';

export function weakViews(): ViewBook {
  let views: SavedView[] = [];
  const of = (personId: string) => views.filter((one) => one.personId === personId);
  const without = (personId: string, name: string) =>
    views.filter((one) => one.personId !== personId || one.name !== name);
  return slowPort<ViewBook>({
    of: (personId) => of(personId).sort(byText((one) => one.name)),
    put: (view) => {
      const others = without(view.personId, view.name);
      if (others.filter((one) => one.personId === view.personId).length >= VIEWS_KEPT) return false;
      views = [...others, view];
      return true;
    },
    remove: (personId, name) => {
      views = without(personId, name);
    },
  });
}
